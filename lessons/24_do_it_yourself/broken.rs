//! Hand-made streaming as it is often begun: requests have numbers, and answers go where they belong.

pub mod client;
pub mod server;
