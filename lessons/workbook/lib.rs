//! The stage on which the lessons play.
//!
//! | module | holds |
//! |---|---|
//! | [`proto`] | the services, generated from `proto/` |
//! | [`wire`] | HTTP/2 and gRPC frames, from bytes to words |
//! | [`transcript`] | what a lesson prints: time, lane, scenes |
//! | [`lab`] | paused clock, in-memory connections, faults, leak meter, bell |
//! | [`grade`] | expectations, findings, watchdog |
//! | [`lesson`] | the command line that every lesson has |
//!
//! Dependencies point one way: `lesson → lab, grade → transcript → wire`. Which exercises pass, and
//! what a check reports, is the package `progress`, which the runner reads as well. A lesson's own
//! code uses the generated traits, tonic and tokio as any program does; nothing here does the
//! lesson's act for it.

pub mod grade;
pub mod lab;
pub mod lesson;
pub mod proto;
pub mod transcript;
pub mod wire;

pub use lesson::{Failure, Lesson, Live, Outcome, Scene, Stage};
pub use transcript::{CLIENT, SERVER};
