//! How far the exercises are, and what their checks report.
//!
//! | module | holds |
//! |---|---|
//! | `log` | `progress.txt`: what happened to each exercise, one plain line for each event |
//! | `record` | what a check reports while it runs: one JSON object a line |
//! | `report` | those records as text, for a lesson's own `check` and for the runner |
//! | `wrap` | text in a given width |
//!
//! A lesson's program writes records, and the runner reads them. Both render them with [`Report`],
//! so nothing that was structured is printed and parsed back.

mod log;
mod record;
mod report;
mod wrap;

pub use log::{Entry, ExerciseState, FILE, Log, Progress, VARIABLE};
pub use record::{Record, Records};
pub use report::{Layout, Report};
pub use wrap::wrap;
