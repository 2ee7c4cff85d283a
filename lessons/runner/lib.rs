//! `cargo run`: the runner, one place to work from.
//!
//! | module | holds |
//! |---|---|
//! | `cli`, `help` | the command line, and its help in the terminal's width |
//! | `course` | parts and lessons, read from the book's summary |
//! | `context` | what every command knows: the course, the progress, how to print |
//! | `style` | width, marks, colours, links |
//! | `home`, `list` | the lessons with a mark each, and the one next command |
//! | `cargo` | builds, and the programs that they make |
//! | `check`, `all`, `grid` | one lesson, or all of them |
//! | `exercise` | hints, the difference to the solution, the way back to the starter |
//! | `book`, `class` | the book in the browser; what is typed in a class |
//! | `call` | starts the small grpcurl, the tap and the chat |
//! | [`watch`] | checks on save |
//!
//! The verdict on an exercise is its lesson's own: the runner starts the lesson's program and reads
//! the records that it writes (the package `progress`, which the lessons use as well).

mod all;
mod book;
mod call;
mod cargo;
mod check;
mod class;
mod cli;
mod context;
mod course;
mod exercise;
mod grid;
mod help;
mod home;
mod list;
mod style;
pub mod watch;

pub use cli::main;
