//! HTTP/2 and gRPC frames, from bytes to words.
//!
//! ```text
//! bytes ── Splitter ──► RawFrame ── Decoder ──► Frame ── describe ──► words
//!          (frame.rs)              (decode.rs,     │
//!                                   hpack.rs,      └──► Connection: halves and windows
//!                                   message.rs)         (state.rs, waits.rs)
//! ```
//!
//! [`Tap`] does all of this for a live connection. Nothing here knows of lessons.

mod decode;
mod foreign;
mod frame;
mod hpack;
mod message;
mod names;
mod state;
mod tap;
mod waits;
mod words;

pub use decode::{Body, Decoder, Frame};
pub use foreign::{Foreign, Protocol, Speaks};
pub use frame::Direction;
pub use hpack::{Field, Headers};
pub use message::{Part, Prefix};
pub use names::{error_code, grouped, percent_decoded, status_code};
pub use state::{Connection, Half, Keeps, Stream, Traffic};
pub use tap::{OnFrame, SharedWitness, Side, Tap, Witness};
pub use waits::{Of, Wait};
pub use words::{describe, kind, meaning};

#[cfg(test)]
mod tests;
