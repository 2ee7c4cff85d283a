//! `cargo run`: the student's desk, one place to work from.
//!
//! | module | holds |
//! |---|---|
//! | `cli` | the command line |
//! | `course` | parts and lessons, read from the book's summary |
//! | `desk` | what every command knows: the course, the progress, how to print |
//! | `home` | the list of lessons with a mark each, and the one next command |
//! | `runner`, `report` | cargo, the lessons' programs, and what their checks print |
//! | `check`, `all`, `grid` | one lesson, or all of them |
//! | `exercise` | hints, the difference to the solution, the way back to the starter |
//! | `around` | paths, the book, a class |
//! | [`watch`] | checks on save |
//! | [`call`] | a small grpcurl |
//!
//! The verdict on an exercise is its lesson's own: the desk starts the lesson's program, and reads
//! and keeps progress where that program keeps it ([`workbook::progress`]).

mod all;
mod around;
pub mod call;
mod check;
mod cli;
mod course;
mod desk;
mod exercise;
mod grid;
mod home;
mod look;
mod report;
mod runner;
pub mod watch;

pub use cli::main;
