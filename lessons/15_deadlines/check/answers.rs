//! How a scripted server answers.

use std::time::Duration;

use tonic::Status;
use workbook::grade::Script;
use workbook::proto::stream::{StreamPoint, StreamResponse};

/// When the server answers the call, and how.
#[derive(Clone)]
pub struct Answers {
    pub after: Duration,
    pub with: Result<Script<StreamResponse>, Status>,
}

impl Answers {
    /// Answers after so long, and then follows the script.
    pub fn after(after: Duration, script: Script<StreamResponse>) -> Self {
        let with = Ok(script);
        Self { after, with }
    }

    /// Refuses the call after so long.
    pub fn refuses(after: Duration, status: Status) -> Self {
        let with = Err(status);
        Self { after, with }
    }
}

impl From<Script<StreamResponse>> for Answers {
    fn from(script: Script<StreamResponse>) -> Self {
        Self::after(Duration::ZERO, script)
    }
}

pub fn number(value: i32) -> StreamResponse {
    let name = "number".to_owned();
    StreamResponse {
        pt: Some(StreamPoint { name, value }),
    }
}

/// The values from 1 on, with this pause before each.
pub fn numbers(pause: Duration, count: i32) -> Script<StreamResponse> {
    Script::new().every(pause, (1..=count).map(number))
}

impl Default for Answers {
    fn default() -> Self {
        Script::new().into()
    }
}
