//! A run that is over: its scenes and their events, to be looked at.

use std::time::Duration;

use super::View;
use super::event::{Event, HostName, Note, SceneHead, What};
use super::values::Fields;
use crate::wire::Frame;

/// All that happened, scene by scene.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// The scenes, in the order in which they were played.
    pub scenes: Vec<Scene>,
}

/// All that happened in one scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// How it began.
    pub head: SceneHead,
    /// What happened, in its order.
    pub events: Vec<Event>,
}

/// A line that a host said.
#[derive(Debug, Clone, Copy)]
pub struct SaidLine<'a> {
    /// When, since the scene began.
    pub at: Duration,
    /// By whom.
    pub host: &'a HostName,
    /// The message.
    pub text: &'a str,
    /// Its data.
    pub fields: &'a Fields,
}

impl Run {
    /// The scene of that name.
    #[must_use]
    pub fn scene(&self, name: &str) -> Option<&Scene> {
        self.scenes.iter().find(|scene| scene.head.name == name)
    }
}

impl View for Run {
    fn begin(&mut self, scene: &SceneHead) {
        self.scenes.push(Scene {
            head: scene.clone(),
            events: Vec::new(),
        });
    }

    fn event(&mut self, event: &Event) {
        if let Some(scene) = self.scenes.last_mut() {
            scene.events.push(event.clone());
        }
    }

    fn end(&mut self) {}
}

impl Scene {
    /// What the hosts said, in order.
    pub fn said(&self) -> impl Iterator<Item = SaidLine<'_>> {
        self.events.iter().filter_map(|event| match &event.what {
            What::Said { host, text, fields } => Some(SaidLine {
                at: event.at,
                host,
                text,
                fields,
            }),
            _ => None,
        })
    }

    /// The frames, each with its time.
    pub fn frames(&self) -> impl Iterator<Item = (Duration, &super::Connection, &Frame)> {
        self.events.iter().filter_map(|event| match &event.what {
            What::Frame {
                connection, frame, ..
            } => Some((event.at, connection, frame)),
            _ => None,
        })
    }

    /// What was noted of the scene itself.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.events.iter().filter_map(|event| match &event.what {
            What::Note(note) => Some(note),
            _ => None,
        })
    }
}
