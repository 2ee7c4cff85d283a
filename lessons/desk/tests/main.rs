//! Every command of the desk, run as a student runs it, in a course of three tiny lessons.
//!
//! cargo builds the tiny lessons as it builds the real ones, so no test here depends on what a
//! student has done with those.

mod around;
mod call;
mod check;
mod course;
mod exercise;
mod home;
mod mini;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watch;
