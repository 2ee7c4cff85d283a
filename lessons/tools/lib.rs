//! Programs to look at a server with, and one that begins a lesson.
//!
//! [`call`] is a small grpcurl. The runner starts it for `cargo run -- call`, and the tests of the
//! book run every grpcurl command with it. [`tap`] prints the frames between a client and its server;
//! the runner starts it for `cargo run -- tap`. [`new_lesson`] writes what a new lesson begins with.

pub mod call;
pub mod new_lesson;
pub mod tap;
