//! The lab's promises, kept with real services.

mod cast;
mod chat;
mod crowd;
mod json;
mod links;
mod pair;
mod scene;
mod servers;
