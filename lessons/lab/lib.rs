#![doc = include_str!("README.md")]
//!
//! # The modules
//!
//! | module | holds |
//! |---|---|
//! | [`wire`] | HTTP/2 and gRPC frames, from bytes to words |
//! | [`run`] | what happened, as events; transcript and JSON are views of them |
//! | [`lab`] | paused clock, hosts, links and their faults, leak meter, stall detector |
//!
//! Dependencies point one way: `lab → run → wire`. Nothing here knows of lessons.

pub mod lab;
pub mod run;
pub mod wire;
