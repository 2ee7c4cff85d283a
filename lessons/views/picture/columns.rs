//! Where the lifelines stand, and how much room there is beside them.

use super::layout::{CHARACTER, TIME};
use streaming_lab::run::{HostName, Role, SceneHead};

/// The width of a picture with up to three hosts: the book's column.
pub(super) const WIDTH: f64 = 760.0;
/// What each further host adds; the picture's box scrolls.
const MORE: f64 = 230.0;
/// Between a lifeline and what is said beside it.
pub(super) const BESIDE: f64 = 12.0;

/// One client and one server: the client's words on the left, the server's on the right, arrows and
/// their words between them.
const CLIENT: f64 = 238.0;
const WIRE: f64 = 388.0;
const SERVER: f64 = 538.0;
const CLIENT_COLUMNS: usize = 24;
const SERVER_COLUMNS: usize = 30;
const ARROW_COLUMNS: usize = 40;
const NOTE_COLUMNS: usize = 78;

/// The lifelines of a scene, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub width: f64,
    pub lifelines: Vec<Lifeline>,
    /// The lane of the frames, where there is one client and one server.
    pub wire: Option<f64>,
}

/// A host's line.
#[derive(Debug, Clone)]
pub(super) struct Lifeline {
    pub name: HostName,
    pub role: Role,
    pub x: f64,
    /// What is said stands left of the line, not right.
    pub words_left: bool,
    /// How many characters fit into a line of what is said.
    pub columns: usize,
}

impl Columns {
    pub fn new(scene: &SceneHead) -> Self {
        if scene.is_pair() {
            return Self::pair(scene);
        }
        let hosts = count(scene.hosts.len());
        let width = WIDTH + MORE * (hosts - 3.0).max(0.0);
        let left = TIME + 24.0;
        let step = (width - left) / hosts;
        let lifelines = scene
            .hosts
            .iter()
            .enumerate()
            .map(|(index, host)| Lifeline {
                name: host.name.clone(),
                role: host.role,
                x: left + step * count(index),
                words_left: false,
                columns: fitting(step - 2.0 * BESIDE),
            })
            .collect();
        Self {
            width,
            lifelines,
            wire: None,
        }
    }

    fn pair(scene: &SceneHead) -> Self {
        let sides = [
            (CLIENT, true, CLIENT_COLUMNS),
            (SERVER, false, SERVER_COLUMNS),
        ];
        let lifelines = scene.hosts.iter().zip(sides);
        Self {
            width: WIDTH,
            lifelines: lifelines
                .map(|(host, (x, words_left, columns))| Lifeline {
                    name: host.name.clone(),
                    role: host.role,
                    x,
                    words_left,
                    columns,
                })
                .collect(),
            wire: Some(WIRE),
        }
    }

    /// Where a host's lifeline stands. A host that is not in the cast stands with the first.
    pub fn x(&self, host: &HostName) -> f64 {
        self.lifeline(host).map_or(CLIENT, |line| line.x)
    }

    pub fn role(&self, host: &HostName) -> Role {
        self.lifeline(host).map_or(Role::Client, |line| line.role)
    }

    pub fn lifeline(&self, host: &HostName) -> Option<&Lifeline> {
        let known = self.lifelines.iter().find(|line| line.name == *host);
        known.or(self.lifelines.first())
    }

    /// The left and the right one of two lifelines.
    pub fn between(&self, one: &HostName, other: &HostName) -> (f64, f64) {
        let (one, other) = (self.x(one), self.x(other));
        (one.min(other), one.max(other))
    }

    /// How many characters fit on an arrow between two hosts.
    pub fn arrow_columns(&self, one: &HostName, other: &HostName) -> usize {
        if self.wire.is_some() {
            return ARROW_COLUMNS;
        }
        let (left, right) = self.between(one, other);
        fitting(right - left - 2.0 * BESIDE)
    }

    /// The middle of the picture, for what belongs to no host.
    pub fn middle(&self) -> f64 {
        self.wire.unwrap_or(self.width / 2.0)
    }

    pub fn note_columns(&self) -> usize {
        NOTE_COLUMNS
    }
}

/// How many characters fit into that much room.
fn fitting(room: f64) -> usize {
    let mut columns = 8;
    while CHARACTER * count(columns + 1) <= room {
        columns += 1;
    }
    columns
}

/// Small counts only: exact as a float.
pub(super) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
