//! How a call of the exercise went, and what is expected of that.

use std::time::Duration;

use tonic::metadata::MetadataMap;
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Verdict, after, count, ended, ensure, seconds};

/// A value, and when it was sent or shown, from the start of the call.
pub type Timed = (i32, Duration);

/// How a call went.
pub struct Listed {
    pub result: Result<(), Status>,
    /// From the call to the exercise's return.
    pub took: Duration,
    /// The value of the request's `grpc-timeout`.
    pub told: Option<String>,
    pub sent: Vec<Timed>,
    pub shown: Vec<Timed>,
}

impl Listed {
    /// Expects DeadlineExceeded in this instant.
    pub fn was_too_late(&self, due: Duration) -> Verdict {
        ended(&self.result).with(Code::DeadlineExceeded)?;
        after(self.took, "it returned").is(due)
    }

    /// Expects an error that is not one of the limits' in this instant.
    pub fn broke_after(&self, due: Duration) -> Verdict {
        let code = self
            .result
            .as_ref()
            .map_or_else(Status::code, |()| Code::Ok);
        ensure(!matches!(code, Code::Ok | Code::DeadlineExceeded), || {
            format!("it returned {code:?}")
        })?;
        after(self.took, "it returned").is(due)
    }

    /// Expects every value that was sent to have been shown, in order, in the instant in which it was
    /// sent. Those of the last instant may be missing.
    pub fn showed_all_in_time(&self) -> Verdict {
        for ((sent, due), (shown, at)) in self.sent.iter().zip(&self.shown) {
            ensure(sent == shown, || {
                format!("{shown} was shown, where {sent} was sent")
            })?;
            after(*at, &format!("value {shown} was shown")).is(*due)?;
        }
        let is_over = self.result.is_ok();
        let due = |(_, at): &&Timed| is_over || *at + AN_INSTANT < self.took;
        count(self.sent.len(), "values sent").at_least(self.shown.len())?;
        count(self.shown.len(), "values shown").at_least(self.sent.iter().filter(due).count())
    }

    /// Expects the server to have been told that it has this long.
    pub fn was_told(&self, total: Duration) -> Verdict {
        let Some(told) = &self.told else {
            return ensure(false, || "the request had no grpc-timeout");
        };
        let is_total =
            allowed(told).is_some_and(|allowed| allowed.abs_diff(total) <= AN_INSTANT * 2);
        ensure(is_total, || {
            format!(
                "the total is {}, and the server was told {told:?}",
                seconds(total)
            )
        })
    }
}

/// The time in a grpc-timeout.
fn allowed(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let amount: u32 = digits.parse().ok()?;
    let unit = match unit {
        "H" => Duration::from_secs(60 * 60),
        "M" => Duration::from_secs(60),
        "S" => Duration::from_secs(1),
        "m" => Duration::from_millis(1),
        "u" => Duration::from_micros(1),
        "n" => Duration::from_nanos(1),
        _ => return None,
    };
    Some(unit * amount)
}

/// Statuses of a server's own, by name.
pub fn own_statuses() -> [(&'static str, Status); 6] {
    const OWN: &str = "the server's own words";
    let mut metadata = MetadataMap::new();
    metadata.insert(
        "retry-after",
        tonic::metadata::MetadataValue::from_static("7"),
    );
    let detailed = Status::with_details_and_metadata(
        Code::ResourceExhausted,
        OWN,
        vec![1, 2, 3].into(),
        metadata,
    );
    [
        ("Cancelled", Status::cancelled(OWN)),
        ("NotFound", Status::not_found(OWN)),
        ("DeadlineExceeded", Status::deadline_exceeded(OWN)),
        ("Unavailable", Status::unavailable(OWN)),
        ("details and metadata", detailed),
        // The status of a server with a timeout of its own.
        ("a server's own timer", Status::cancelled("Timeout expired")),
    ]
}
