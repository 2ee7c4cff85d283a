//! The lab's promises, kept with real services.

#[path = "lab/cast.rs"]
mod cast;
#[path = "lab/chat.rs"]
mod chat;
#[path = "lab/json.rs"]
mod json;
#[path = "lab/many.rs"]
mod many;
#[path = "lab/pair.rs"]
mod pair;
#[path = "lab/scene.rs"]
mod scene;
mod support;
