//! Groups that end in every way.

use std::time::Duration;

use futures::FutureExt as _;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tonic::{Code, Status};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::super::exercise::all_or_none;
use super::peers::{AN_INSTANT, Count, MemberEnd, SECOND, WAIT_LIMIT, member};

pub async fn all_well(_: Lab) -> Verdict {
    for count in [0, 1, 5] {
        let alive = Count::default();
        let members = (1..=count)
            .map(|n| member(SECOND * n, MemberEnd::Well, &alive))
            .collect();
        let start = Instant::now();
        let ended = within(all_or_none(members)).await?;
        ensure(ended.is_ok(), || {
            format!("{count} members ended well, and the group returned {ended:?}")
        })?;
        let took = start.elapsed();
        ensure(took < SECOND * count + SECOND / 2, || {
            format!(
                "the slowest of {count} members took {count} s, the group {} s",
                took.as_secs()
            )
        })?;
    }
    Ok(())
}

pub async fn first_failure(_: Lab) -> Verdict {
    let alive = Count::default();
    let bad = |text: &str| MemberEnd::Badly(Status::data_loss(text));
    let members = vec![
        member(SECOND * 60, MemberEnd::Well, &alive),
        member(SECOND * 2, bad("second"), &alive),
        member(SECOND, bad("first"), &alive),
        member(Duration::ZERO, MemberEnd::Never, &alive),
        member(Duration::ZERO, MemberEnd::Well, &alive),
    ];
    let start = Instant::now();
    let ended = within(all_or_none(members)).await?;
    let took = start.elapsed();
    ensure(took < SECOND * 3 / 2, || {
        format!(
            "a member failed after 1 s, and the group ended after {} s",
            took.as_secs()
        )
    })?;
    let texts = texts(&ended);
    ensure(texts == ["first"], || {
        format!("\"first\" failed, the others had not ended, and the group returned {texts:?}")
    })?;
    // No further turn of the runtime: when the group has returned, no member may be alive.
    ensure(alive.now() == 0, || {
        format!(
            "the group failed, and {} members were still alive",
            alive.now()
        )
    })
}

pub async fn every_failure(_: Lab) -> Verdict {
    let alive = Count::default();
    let bad = |text: &str| MemberEnd::Badly(Status::unavailable(text));
    let members = vec![
        member(SECOND, bad("one"), &alive),
        member(SECOND, bad("two"), &alive),
        member(SECOND * 5, bad("three"), &alive),
    ];
    let ended = within(all_or_none(members)).await?;
    let mut got = texts(&ended);
    got.sort();
    ensure(got == ["one", "two"], || {
        format!("\"one\" and \"two\" failed in the same instant, and the group returned {got:?}")
    })?;

    let members = vec![
        member(SECOND, bad("one"), &alive),
        member(SECOND, MemberEnd::Panic, &alive),
        member(SECOND * 60, MemberEnd::Well, &alive),
    ];
    let start = Instant::now();
    let ended = within(all_or_none(members)).await?;
    let mut codes: Vec<Code> = ended
        .err()
        .unwrap_or_default()
        .iter()
        .map(Status::code)
        .collect();
    codes.sort_by_key(|code| *code as i32);
    ensure(codes == [Code::Internal, Code::Unavailable], || {
        format!("one failed with Unavailable, one panicked, and the group returned {codes:?}")
    })?;
    let took = start.elapsed();
    ensure(took < SECOND * 2, || {
        let took = took.as_secs();
        format!("a member panicked after 1 s, and the group ended after {took} s")
    })?;
    in_order().await
}

/// The second member fails first, and the first because of it.
async fn in_order() -> Verdict {
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
    let ended = within(all_or_none(vec![follows.boxed(), leads.boxed()])).await?;
    let got = texts(&ended);
    ensure(got == ["first", "second"], || {
        format!("\"first\" failed, and then \"second\" because of it; the group returned {got:?}")
    })
}

pub async fn dropped(_: Lab) -> Verdict {
    let alive = Count::default();
    let members = (0..5)
        .map(|_| member(SECOND * 60, MemberEnd::Well, &alive))
        .collect();
    let ended = timeout(SECOND, all_or_none(members)).await;
    ensure(ended.is_err(), || {
        "members that take 60 s had ended after 1 s".to_owned()
    })?;
    sleep(AN_INSTANT).await;
    ensure(alive.now() == 0, || {
        format!(
            "the group was dropped, and {} members were still alive",
            alive.now()
        )
    })
}

async fn within<T>(work: impl Future<Output = T>) -> Result<T, Finding> {
    timeout(WAIT_LIMIT, work)
        .await
        .map_err(|_| Finding::seen("the group had not ended after 10 minutes"))
}

fn texts(ended: &Result<(), Vec<Status>>) -> Vec<String> {
    let failures = ended.as_ref().err();
    failures
        .into_iter()
        .flatten()
        .map(|status| status.message().to_owned())
        .collect()
}
