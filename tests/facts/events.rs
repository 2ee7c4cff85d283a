//! What the facts ask of a scene: its lines are selected by host and field. The words of a line are
//! for its readers; there is no way here to read them, so no fact depends on them.

use std::time::Duration;

use workbook::run::{Event, Fields, Note, Scene, Stall, Value, What};

use crate::support::program::Lesson;
use crate::support::runs::scene_of;

/// All events of a scene, or a part of them. Its times are counted from where the part begins.
#[derive(Clone, Copy)]
pub struct Events {
    pub(super) scene: &'static Scene,
    pub(super) began: Duration,
    pub(super) events: &'static [Event],
}

/// A line: its place among the events, when it was said, and its fields.
type Said = (usize, Duration, &'static Fields);

/// All that happens in a scene.
pub fn scene(lesson: &str, name: &str) -> Events {
    let scene = scene_of(Lesson::numbered(lesson), name);
    Events {
        scene,
        began: Duration::ZERO,
        events: &scene.events,
    }
}

/// The last of several.
pub fn last<T>(all: Vec<T>) -> T {
    all.into_iter().next_back().expect("there is at least one")
}

impl Events {
    /// The lines of a host that have the field, each with all its fields.
    pub fn lines(self, host: &str, field: &str) -> impl Iterator<Item = &'static Fields> {
        self.said(host, field).map(|(_, _, fields)| fields)
    }

    /// How many there are.
    pub fn count(self, host: &str, field: &str) -> usize {
        self.said(host, field).count()
    }

    /// Whether there is one.
    pub fn has(self, host: &str, field: &str) -> bool {
        self.count(host, field) > 0
    }

    /// The field's values, whole numbers.
    pub fn numbers(self, host: &str, field: &str) -> Vec<u64> {
        self.lines(host, field)
            .map(|fields| match fields.number(field).map(u64::try_from) {
                Some(Ok(number)) => number,
                _ => panic!("{}: {fields:?}", self.place(host, field)),
            })
            .collect()
    }

    /// The field's first value, a whole number.
    pub fn number(self, host: &str, field: &str) -> u64 {
        let first = self.numbers(host, field).into_iter().next();
        first.unwrap_or_else(|| panic!("no {}", self.place(host, field)))
    }

    /// The field's first value, a text: a code, a reason.
    pub fn text(self, host: &str, field: &str) -> &'static str {
        let first = self.lines(host, field).next();
        first
            .and_then(|fields| fields.text(field))
            .unwrap_or_else(|| panic!("no {}", self.place(host, field)))
    }

    /// When the host says the field, each time.
    pub fn times(self, host: &str, field: &str) -> Vec<Duration> {
        let times = self.said(host, field).map(|(_, at, _)| at - self.began);
        times.collect()
    }

    /// When the host says the field for the first time.
    pub fn time(self, host: &str, field: &str) -> Duration {
        let first = self.times(host, field).into_iter().next();
        first.unwrap_or_else(|| panic!("no {}", self.place(host, field)))
    }

    /// Whether the field ever has this value.
    pub fn says(self, host: &str, field: &str, value: impl Into<Value>) -> bool {
        let value = value.into();
        self.lines(host, field)
            .any(|fields| fields.get(field) == Some(&value))
    }

    /// The fields of the line where this one first has this value.
    pub fn line(self, host: &str, field: &str, value: impl Into<Value>) -> &'static Fields {
        self.find(host, field, value.into()).2
    }

    /// When the field first has this value.
    pub fn time_of(self, host: &str, field: &str, value: impl Into<Value>) -> Duration {
        self.find(host, field, value.into()).1 - self.began
    }

    /// What happens after the line where the field first has this value.
    pub fn after(self, host: &str, field: &str, value: impl Into<Value>) -> Self {
        let (index, began, _) = self.find(host, field, value.into());
        Self {
            began,
            events: &self.events[index + 1..],
            ..self
        }
    }

    /// What happens before the next line that has the field, or to the end.
    pub fn until(self, host: &str, field: &str) -> Self {
        let next = self.said(host, field).next();
        let end = next.map_or(self.events.len(), |(index, _, _)| index);
        Self {
            events: &self.events[..end],
            ..self
        }
    }

    /// How the scene stalls.
    pub fn stall(self) -> &'static Stall {
        let stall = self.scene.notes().find_map(|note| match note {
            Note::Stall(stall) => Some(stall),
            _ => None,
        });
        stall.unwrap_or_else(|| panic!("{} does not stall", self.scene.head.name))
    }

    fn said(self, host: &str, field: &str) -> impl Iterator<Item = Said> {
        let events = self.events.iter().enumerate();
        events.filter_map(move |(index, event)| match &event.what {
            What::Said {
                host: speaker,
                fields,
                ..
            } if speaker.as_str() == host && fields.get(field).is_some() => {
                Some((index, event.at, fields))
            }
            _ => None,
        })
    }

    fn find(self, host: &str, field: &str, value: Value) -> Said {
        self.said(host, field)
            .find(|(_, _, fields)| fields.get(field) == Some(&value))
            .unwrap_or_else(|| panic!("no {} is {value}", self.place(host, field)))
    }

    /// What a missing or wrong field is called in a panic.
    fn place(self, host: &str, field: &str) -> String {
        format!("{field:?} of the {host} in scene {}", self.scene.head.name)
    }
}
