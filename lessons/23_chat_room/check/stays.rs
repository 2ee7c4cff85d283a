//! A room, and what its members do.

use std::ops::RangeInclusive;
use std::time::Duration;

use futures::stream::BoxStream;
use tokio::time::Instant;
use tonic::Status;
use workbook::grade::{AN_INSTANT, Finding, Verdict, ensure, within};
use workbook::proto::rooms::FromRoom;

use super::{ChatRoom, Talks};

pub const SECOND: Duration = Duration::from_secs(1);
/// Longer than a play.
pub const HOUR: Duration = Duration::from_secs(60 * 60);

/// The room of a play.
pub struct In(Box<dyn ChatRoom>);

/// A member, with what it hears.
pub struct Joined {
    talks: Option<Box<dyn Talks>>,
    pub hears: BoxStream<'static, Result<FromRoom, Status>>,
}

impl In {
    pub fn new(room: Box<dyn ChatRoom>) -> Self {
        Self(room)
    }

    pub async fn joins(&self, name: &str) -> Result<Joined, Finding> {
        self.joins_for(name, HOUR).await
    }

    pub async fn joins_after(&self, name: &str, after: Option<u64>) -> Result<Joined, Finding> {
        Ok(self.enters(name, after, HOUR).await??)
    }

    pub async fn joins_for(&self, name: &str, lasts: Duration) -> Result<Joined, Finding> {
        Ok(self.enters(name, None, lasts).await??)
    }

    pub async fn try_join(&self, name: &str, after: Option<u64>) -> Result<(), Status> {
        let joined = self.enters(name, after, HOUR).await;
        joined
            .unwrap_or_else(|_| Err(Status::cancelled("`join` waits")))
            .map(drop)
    }

    async fn enters(
        &self,
        name: &str,
        after: Option<u64>,
        lasts: Duration,
    ) -> Result<Result<Joined, Status>, Finding> {
        let late = format!("{name} had not joined");
        let joins = self.0.join(name, after, Instant::now() + lasts);
        let joined = within(AN_INSTANT, &late, joins).await?;
        Ok(joined.map(|(talks, hears)| Joined {
            talks: Some(talks),
            hears,
        }))
    }

    pub fn here(&self) -> Vec<String> {
        self.0.here()
    }

    /// Expects these to be there.
    pub fn is_here(&self, names: &[&str]) -> Verdict {
        let here = self.here();
        ensure(here == names, || {
            format!("here: {}; expected: {}", list(&here), list(names))
        })
    }
}

impl Joined {
    /// Says its number.
    pub async fn says(&self, number: u64) -> Verdict {
        let sequence = self.tries_to_say(number).await??;
        ensure(sequence == number, || {
            format!("message {number} got the sequence {sequence}")
        })
    }

    pub async fn says_all(&self, numbers: RangeInclusive<u64>) -> Verdict {
        for number in numbers {
            self.says(number).await?;
        }
        Ok(())
    }

    pub async fn tries_to_say(&self, number: u64) -> Result<Result<u64, Status>, Finding> {
        let Some(talks) = &self.talks else {
            return Err(Finding::seen("the member has left"));
        };
        let (late, text) = (format!("message {number} was not said"), number.to_string());
        within(AN_INSTANT, &late, talks.say(&text)).await
    }

    pub fn renews(&self, lasts: Duration) {
        if let Some(talks) = &self.talks {
            talks.renew(Instant::now() + lasts);
        }
    }

    /// Leaves, and goes on listening.
    pub fn leaves(&mut self) {
        self.talks = None;
    }
}

/// Names in a finding.
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<_>>()
            .join(", "),
    }
}
