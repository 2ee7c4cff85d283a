//! The same protocol with what it lacked. Each piece has a frame of HTTP/2 that does the same.

pub mod answers;
pub mod calls;
pub mod client;
pub mod connection;
pub mod incoming;
pub mod server;
pub mod window;
