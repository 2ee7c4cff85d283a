//! What every engine must do, whatever it is made of: two handles of the same rooms, as two servers have them.
//! `cargo test` asks it of the rooms of one process and of the hub over the lab's broker, `.ci/many` of the
//! hub over NATS.

use std::collections::BTreeSet;

use futures::StreamExt as _;
use futures::future::try_join_all;
use tonic::{Code, Status};

use super::log::KEPT;
use super::rooms::{Ears, Message, Rooms};

/// What is not as it should be.
type Verdict = Result<(), String>;

/// Everything that is expected, in rooms whose names begin with `prefix`.
pub async fn holds(one: &impl Rooms, other: &impl Rooms, prefix: &str) -> Verdict {
    let room = |name: &str| format!("{prefix}_{name}");
    both_hear_all(one, other, &room("both")).await?;
    resumes_at_the_other(one, other, &room("resume")).await?;
    an_id_is_one_message(one, other, &room("ids")).await?;
    now_is_a_moment(one, other, &room("now")).await?;
    no_seam(one, other, &room("seam")).await?;
    says_what_is_gone(one, other, &room("gone")).await?;
    refuses_names(one).await
}

async fn both_hear_all(one: &impl Rooms, other: &impl Rooms, room: &str) -> Verdict {
    let first = one.listen(room, Some(0)).await.map_err(said)?;
    let second = other.listen(room, Some(0)).await.map_err(said)?;
    for number in 1..=10 {
        let text = number.to_string();
        let sequence = match number % 2 {
            0 => one.say(room, "", &text).await,
            _ => other.say(room, "", &text).await,
        };
        is("the sequence", sequence.map_err(said)?, number)?;
    }
    one.say("elsewhere", "", "not heard here")
        .await
        .map_err(said)?;
    is("heard at one", heard(first, 10).await?, numbers(1, 10))?;
    is(
        "heard at the other",
        heard(second, 10).await?,
        numbers(1, 10),
    )
}

async fn resumes_at_the_other(one: &impl Rooms, other: &impl Rooms, room: &str) -> Verdict {
    for _ in 1..=5 {
        one.say(room, "", "before").await.map_err(said)?;
    }
    let ears = other.listen(room, Some(3)).await.map_err(said)?;
    for _ in 6..=8 {
        one.say(room, "", "after").await.map_err(said)?;
    }
    is("heard behind 3", heard(ears, 5).await?, numbers(4, 8))
}

async fn an_id_is_one_message(one: &impl Rooms, other: &impl Rooms, room: &str) -> Verdict {
    let first = one.say(room, "id-1", "hi").await.map_err(said)?;
    let again = other.say(room, "id-1", "hi").await.map_err(said)?;
    is("the sequence of the same id", again, first)?;
    let next = one.say(room, "id-2", "hi").await.map_err(said)?;
    is("the sequence of another id", next, first + 1)
}

async fn now_is_a_moment(one: &impl Rooms, other: &impl Rooms, room: &str) -> Verdict {
    one.say(room, "", "before").await.map_err(said)?;
    let ears = other.listen(room, None).await.map_err(said)?;
    one.say(room, "", "after").await.map_err(said)?;
    is("heard from now on", heard(ears, 1).await?, numbers(2, 2))
}

async fn no_seam(one: &impl Rooms, other: &impl Rooms, room: &str) -> Verdict {
    const SAID: u64 = 100;
    let listeners = (0..20).map(async |listener| {
        let all = match listener % 2 {
            0 => one.listen(room, Some(0)).await,
            _ => other.listen(room, Some(0)).await,
        };
        heard(all.map_err(said)?, SAID).await
    });
    let speaks = async {
        for _ in 0..SAID {
            one.say(room, "", "on and on").await.map_err(said)?;
            tokio::task::yield_now().await;
        }
        Ok(())
    };
    let (all, ()) = futures::try_join!(try_join_all(listeners), speaks)?;
    let different: BTreeSet<_> = all.into_iter().collect();
    is(
        "heard by 20 listeners",
        different,
        BTreeSet::from([numbers(1, SAID)]),
    )
}

async fn says_what_is_gone(one: &impl Rooms, other: &impl Rooms, room: &str) -> Verdict {
    let kept = u64::try_from(KEPT).unwrap_or(u64::MAX);
    for _ in 0..kept + 5 {
        one.say(room, "", "so much").await.map_err(said)?;
    }
    let gone = other.listen(room, Some(2)).await.map(drop);
    is(
        "the code of a position that is not kept",
        code(gone),
        Code::OutOfRange,
    )?;
    let never = other.listen(room, Some(kept + 6)).await.map(drop);
    is(
        "the code of a position that never was",
        code(never),
        Code::OutOfRange,
    )?;
    let ears = other.listen(room, Some(5)).await.map_err(said)?;
    is(
        "heard behind 5",
        heard(ears, kept).await?,
        numbers(6, kept + 5),
    )
}

async fn refuses_names(rooms: &impl Rooms) -> Verdict {
    for name in ["", "a.b", "*", ">", "two words", "UPPER"] {
        let refused = rooms.listen(name, None).await.map(drop);
        is(
            &format!("the code of the room {name:?}"),
            code(refused),
            Code::InvalidArgument,
        )?;
    }
    Ok(())
}

async fn heard(ears: Ears, most: u64) -> Result<Vec<u64>, String> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let all: Vec<Result<Message, Status>> = ears.take(most).collect().await;
    let sequence = |message: Result<Message, Status>| Ok(message.map_err(said)?.sequence);
    all.into_iter().map(sequence).collect()
}

fn numbers(first: u64, last: u64) -> Vec<u64> {
    (first..=last).collect()
}

fn code(result: Result<(), Status>) -> Code {
    result.err().map_or(Code::Ok, |status| status.code())
}

fn said(status: Status) -> String {
    format!("{:?}: {}", status.code(), status.message())
}

fn is<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Verdict {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what} is {found:?}, and should be {expected:?}"))
}
