//! Every command of the runner, run as a student runs it, in a course of three tiny lessons.
//!
//! cargo builds the tiny lessons as it builds the real ones, so no test here depends on what a
//! student has done with those.

mod book;
mod call;
mod check;
mod class;
mod course;
mod exercise;
mod home;
mod list;
mod mini;
mod narrow;
mod programs;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watch;
