//! The lab's promises, kept with real services.

#[path = "lab/chat.rs"]
mod chat;
#[path = "lab/many.rs"]
mod many;
#[path = "lab/pair.rs"]
mod pair;
#[path = "lab/scene.rs"]
mod scene;
mod support;
