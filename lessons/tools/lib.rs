//! Programs to look at a server with.
//!
//! [`call`] is a small grpcurl. The runner starts it for `cargo run -- call`, and the tests of the
//! book run every grpcurl command with it.

pub mod call;
