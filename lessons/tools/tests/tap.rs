//! `tap`: what it promises, through the program itself or through one of its parts.

mod diagnosis;
mod program;
mod refused;
mod relay;
mod running;
#[cfg(feature = "tls")]
mod tls;
mod unreadable;
