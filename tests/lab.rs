//! The lab's promises, kept with real services.

mod cast;
mod chat;
mod json;
mod many;
mod pair;
mod scene;
