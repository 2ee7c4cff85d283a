//! A room and its members, in words.

use std::ops::RangeInclusive;
use std::time::Duration;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::Instant;
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Finding, Verdict, ended, ensure, within};
use workbook::proto::rooms::FromRoom;
use workbook::proto::rooms::from_room::Kind;

use super::{ChatRoom, Talks};

pub const SECOND: Duration = Duration::from_secs(1);
/// Longer than a play.
pub const HOUR: Duration = Duration::from_secs(60 * 60);

/// The room of a play.
pub struct In(Box<dyn ChatRoom>);

/// A member, with what it hears.
pub struct Joined {
    talks: Option<Box<dyn Talks>>,
    hears: BoxStream<'static, Result<FromRoom, Status>>,
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

    /// Expects the first item: who is there, and the newest message.
    pub async fn is_told(&mut self, names: &[&str], last: u64) -> Verdict {
        match self.next("the first item").await? {
            Some(Ok(Kind::Here(here))) => ensure(
                here.names == names && here.members as usize == names.len() && here.last == last,
                || {
                    let (heard, members, newest) = (list(&here.names), here.members, here.last);
                    let expected = list(names);
                    format!(
                        "was told that {heard} are here ({members}), and that {newest} is the newest message; expected: {expected}, {last}"
                    )
                },
            )
            .map_err(|finding| finding.hint("When is `Here` made: in `join`, or when the stream is first read?")),
            other => Err(instead("`Here`", other)),
        }
    }

    /// Expects this message now; changes of presence may come before it.
    pub async fn hears(&mut self, number: u64) -> Verdict {
        let what = format!("message {number}");
        loop {
            match self.next(&what).await? {
                Some(Ok(Kind::Moved(_))) => {}
                Some(Ok(Kind::Said(said)))
                    if said.sequence == number && said.text == number.to_string() =>
                {
                    return Ok(());
                }
                other => return Err(instead(&what, other)),
            }
        }
    }

    pub async fn hears_all(&mut self, numbers: RangeInclusive<u64>) -> Verdict {
        for number in numbers {
            self.hears(number).await?;
        }
        Ok(())
    }

    /// Expects no message and no end now.
    pub async fn hears_nothing(&mut self) -> Verdict {
        match tokio::time::timeout(AN_INSTANT, self.hears.next()).await {
            Err(_) => Ok(()),
            Ok(item) => Err(instead("nothing", kind(item))),
        }
    }

    /// Expects to be told of these within a second.
    pub async fn is_told_of(&mut self, joined: &[&str], left: &[&str]) -> Verdict {
        let late = format!(
            "was not told that {} joined and {} left",
            list(joined),
            list(left)
        );
        match within(SECOND + AN_INSTANT, &late, self.hears.next())
            .await
            .map(kind)?
        {
            Some(Ok(Kind::Moved(moved))) => {
                ensure(moved.joined == joined && moved.left == left, || {
                    let (came, went) = (list(&moved.joined), list(&moved.left));
                    format!(
                        "was told that {came} joined and {went} left; expected: {} and {}",
                        list(joined),
                        list(left)
                    )
                })
            }
            other => Err(instead("`Moved`", other)),
        }
    }

    /// Expects this end by then; what comes before it does not matter.
    pub async fn ends_with(&mut self, code: Code, by: Duration) -> Verdict {
        let late = "the stream had not ended".to_owned();
        let ends = async {
            loop {
                match self.hears.next().await {
                    Some(Ok(_)) => {}
                    Some(Err(status)) => return Err(status),
                    None => return Ok(()),
                }
            }
        };
        let end = within(by + AN_INSTANT, &late, ends).await?;
        if code == Code::Ok {
            ended(&end).well()
        } else {
            ended(&end).with(code)
        }
    }

    /// Expects messages in order from this one on, and then OutOfRange in place of one that is not kept.
    pub async fn is_told_what_is_gone(&mut self, mut number: u64) -> Verdict {
        loop {
            match self.next("OutOfRange").await? {
                Some(Ok(Kind::Moved(_))) => {}
                Some(Ok(Kind::Said(said))) if said.sequence == number => number += 1,
                Some(Err(status)) => return ended(&Err::<(), _>(status)).with(Code::OutOfRange),
                other => {
                    let expected = format!("message {number} or OutOfRange");
                    return Err(instead(&expected, other));
                }
            }
        }
    }

    /// Expects the end, with OK, now.
    pub async fn ends(&mut self) -> Verdict {
        loop {
            match self.next("the end").await? {
                Some(Ok(Kind::Moved(_))) => {}
                None => return Ok(()),
                other => return Err(instead("the end", other)),
            }
        }
    }

    async fn next(&mut self, what: &str) -> Result<Option<Result<Kind, Status>>, Finding> {
        let late = format!("{what} had not come");
        within(AN_INSTANT, &late, self.hears.next()).await.map(kind)
    }
}

fn kind(item: Option<Result<FromRoom, Status>>) -> Option<Result<Kind, Status>> {
    let empty = || Status::internal("an item without a kind");
    item.map(|item| item.and_then(|event| event.kind.ok_or_else(empty)))
}

fn instead(expected: &str, heard: Option<Result<Kind, Status>>) -> Finding {
    let heard = match heard {
        Some(Ok(Kind::Here(_))) => "`Here`".to_owned(),
        Some(Ok(Kind::Said(said))) => format!("message {} ({:?})", said.sequence, said.text),
        Some(Ok(Kind::Moved(_))) => "`Moved`".to_owned(),
        Some(Ok(_)) => "an item of another kind".to_owned(),
        Some(Err(status)) => workbook::grade::shown(&status),
        None => "the end".to_owned(),
    };
    Finding::seen(format!("{heard} came instead of {expected}"))
}

fn list<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<_>>()
            .join(", "),
    }
}
