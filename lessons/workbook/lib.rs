//! What all lessons share: the stage on which they play, their command line and their checks.
//!
//! | module | holds |
//! |---|---|
//! | [`proto`] | the services, generated from `proto/` |
//! | [`grade`] | expectations, findings, watchdog |
//! | [`graceful`] | a server that ends in order: lesson 19's fix, and what every `serve` does |
//! | [`lesson`] | scenes and their casts, and the command line that every lesson has |
//! | [`lab`], [`run`], [`wire`] | the package `streaming-lab` |
//!
//! Dependencies point one way: `lesson → grade → lab → run → wire`. Which exercises pass, and what a
//! check reports, is the package `progress`, which the runner reads as well. A lesson's own code uses
//! the generated traits, tonic and tokio as any program does; nothing here does the lesson's act for
//! it. [`graceful`] alone is both: lesson 19 teaches it, and `serve` needs it.

pub mod graceful;
pub mod grade;
pub mod lesson;
pub mod proto;

pub use lesson::{Failure, HostRouter, Lesson, Live, Network, Outcome, Scene, Signal};
pub use streaming_lab::{lab, run, wire};
