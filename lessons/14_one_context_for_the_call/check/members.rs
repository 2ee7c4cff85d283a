//! Members of a group that end in every way.

use std::time::Duration;

use futures::FutureExt as _;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Drops, Verdict, after, count, ended, ensure, shown, within};

use super::{AllOrNone, DAY, Member, SECOND};

/// How a member ends.
#[derive(Debug, Clone)]
pub enum End {
    Well,
    Badly(Status),
    Panics,
}

/// The members of a group, which are counted.
pub struct Members {
    ends: Vec<(Duration, End)>,
    alive: Drops,
}

impl Members {
    /// A member for each of these: how long it takes, and how it ends.
    pub fn new(ends: Vec<(Duration, End)>) -> Self {
        let alive = Drops::new();
        Self { ends, alive }
    }

    fn all(&self) -> Vec<Member> {
        let member = |(takes, end): &(Duration, End)| {
            let (one, takes, end) = (self.alive.guard(), *takes, end.clone());
            let member = async move {
                let _one = one;
                if !takes.is_zero() {
                    sleep(takes).await;
                }
                match end {
                    End::Well => Ok(()),
                    End::Badly(status) => Err(status),
                    // Without the panic hook, which would report it as the exercise's.
                    End::Panics => std::panic::resume_unwind(Box::new("a member is broken")),
                }
            };
            member.boxed()
        };
        self.ends.iter().map(member).collect()
    }

    /// Expects the group to end after so long, with these failures in any order, and with no member
    /// alive.
    pub async fn end(&self, group: AllOrNone, due: Duration, failures: &[End]) -> Verdict {
        let start = Instant::now();
        let ended = within(DAY, "the group had not ended", group(self.all())).await?;
        // No further turn of the runtime: when the group has returned, no member may be alive.
        let alive = self.alive.alive();
        let took = start.elapsed();
        after(took, "the group ended").is(due)?;
        is_made_of(ended, failures)?;
        count(alive, "members still alive when the group had ended").is(0)
    }

    /// Drops the group after so long, or before it is polled, and expects no member to be alive then.
    pub async fn are_dropped(&self, group: AllOrNone, after: Option<Duration>) -> Verdict {
        let running = group(self.all());
        if let Some(after) = after {
            let ended = timeout(after, running).await;
            ensure(ended.is_err(), || "members that take 60 s had ended")?;
        } else {
            drop(running);
        }
        sleep(AN_INSTANT).await;
        count(self.alive.alive(), "members still alive").is(0)
    }
}

/// Expects a group's result to be these failures, in any order.
fn is_made_of(ended_with: Result<(), Vec<Status>>, failures: &[End]) -> Verdict {
    let mut left = match ended_with {
        Ok(()) if !failures.is_empty() => return ensure(false, || "the group ended well"),
        Err(got) if got.is_empty() => return ensure(false, || "it failed without a failure"),
        ended => ended.err().unwrap_or_default(),
    };
    for failure in failures {
        let is_it = |got: &Status| match failure {
            End::Badly(sent) => got.code() == sent.code() && got.message() == sent.message(),
            End::Panics => got.code() == Code::Internal,
            End::Well => false,
        };
        let Some(place) = left.iter().position(is_it) else {
            return ensure(false, || {
                let got: Vec<String> = left.iter().map(shown).collect();
                let missing = match failure {
                    End::Badly(sent) => shown(sent),
                    _ => "the panic, as Internal,".to_owned(),
                };
                format!("{missing} is missing; of the failures are left: {got:?}")
            });
        };
        if let (got, End::Badly(sent)) = (left.remove(place), failure) {
            ended(&Err::<(), _>(got)).as_sent(sent)?;
        }
    }
    ensure(left.is_empty(), || {
        let got: Vec<String> = left.iter().map(shown).collect();
        format!("failures that did not occur: {got:?}")
    })
}

/// The second member fails first, and the first because of it.
pub async fn follows(group: AllOrNone) -> Verdict {
    let (woken, wakes) = oneshot::channel::<()>();
    let follows = async move {
        // It fails as soon as `woken` is dropped.
        let _ = wakes.await;
        Err(Status::unavailable("second"))
    };
    let leads = async move {
        sleep(SECOND).await;
        drop(woken);
        Err(Status::unavailable("first"))
    };
    let both = group(vec![follows.boxed(), leads.boxed()]);
    let failures = within(DAY, "the group had not ended", both).await?;
    let got: Vec<String> = failures.err().iter().flatten().map(shown).collect();
    let due = ["first", "second"].map(|text| shown(&Status::unavailable(text)));
    ensure(got == due, || {
        format!(
            "{} failed, and then {} because of it; it returned {got:?}",
            due[0], due[1]
        )
    })
}
