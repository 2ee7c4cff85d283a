//! A record as JSON, and back: by hand, because every lesson builds this, and the crates that derive it
//! would take a twentieth of a first build.

use serde_json::{Value, json};

use super::Record;

impl Record {
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Begun { expectations } => {
                json!({ "record": "begun", "expectations": expectations })
            }
            Self::Trying { expectation } => {
                json!({ "record": "trying", "expectation": expectation })
            }
            Self::Holds { expectation } => json!({ "record": "holds", "expectation": expectation }),
            Self::Finding {
                expectation,
                seen,
                hint,
            } => json!({
                "record": "finding", "expectation": expectation, "seen": seen, "hint": hint,
            }),
            Self::Todo {
                expectation,
                task,
                place,
            } => json!({
                "record": "todo", "expectation": expectation, "task": task, "place": place,
            }),
            Self::Untried { expectation } => {
                json!({ "record": "untried", "expectation": expectation })
            }
            Self::Printed { line } => json!({ "record": "printed", "line": line }),
            Self::PrintedMore { lines } => json!({ "record": "printed_more", "lines": lines }),
            Self::Done => json!({ "record": "done" }),
        }
    }

    /// A record, if the text is one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let value: Value = text.parse().ok()?;
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let expectation = || text("expectation");
        Some(match value.get("record")?.as_str()? {
            "begun" => Self::Begun {
                expectations: value
                    .get("expectations")?
                    .as_array()?
                    .iter()
                    .map(|one| one.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?,
            },
            "trying" => Self::Trying {
                expectation: expectation()?,
            },
            "holds" => Self::Holds {
                expectation: expectation()?,
            },
            "finding" => Self::Finding {
                expectation: expectation()?,
                seen: text("seen")?,
                hint: text("hint")?,
            },
            "todo" => Self::Todo {
                expectation: expectation()?,
                task: text("task")?,
                place: text("place")?,
            },
            "untried" => Self::Untried {
                expectation: expectation()?,
            },
            "printed" => Self::Printed {
                line: text("line")?,
            },
            "printed_more" => Self::PrintedMore {
                lines: usize::try_from(value.get("lines")?.as_u64()?).ok()?,
            },
            "done" => Self::Done,
            _ => return None,
        })
    }
}
