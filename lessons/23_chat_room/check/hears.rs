//! What a member is expected to hear.

use std::ops::RangeInclusive;
use std::time::Duration;

use futures::stream::StreamExt as _;
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Finding, Verdict, ended, ensure, shown, within};
use workbook::proto::rooms::FromRoom;
use workbook::proto::rooms::from_room::Kind;

use super::stays::{Joined, SECOND, list};

impl Joined {
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
        Some(Err(status)) => shown(&status),
        None => "the end".to_owned(),
    };
    Finding::seen(format!("{heard} came instead of {expected}"))
}
