//! Grades the exercise: members who go in every way, and what is left of them.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::Code;
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use peers::{Hall, failed, message};

const SECOND: Duration = Duration::from_secs(1);

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "members hear what is said in the room, at once and in order",
            "Two things happen at the same time. Neither may wait for the other.",
            hears,
        )
        .expects(
            "who half-closes goes on listening, and leaves nothing when it leaves",
            "`None` from the client ends one of your halves. The other has work to do, and who ends it \
             now?",
            half_closes,
        )
        .expects(
            "who does not read is heard all the same, and is not queued for",
            "Where does your code wait when the client does not read, and what does not go on \
             meanwhile?",
            speaks_unread,
        )
        .expects(
            "ends with OK when the room closes, and leaves nothing",
            "The listening half is done. Who tells the other? A sender that somebody still holds keeps \
             a stream open.",
            room_closes,
        )
        .expects(
            "leaves nothing when the client leaves a silent room",
            "Neither half has anything to send. What did tonic drop?",
            leaves,
        )
        .expects(
            "leaves nothing when a client leaves that does not read",
            "Where do your halves wait, when the client does not read?",
            leaves_unread,
        )
        .expects(
            "leaves nothing when the connection breaks, or the client vanishes",
            "Not every end is an END_STREAM.",
            breaks,
        )
        .expects(
            "ends with the error of the client's stream, and leaves nothing",
            "`message()` can fail. Whose business is that?",
            stream_fails,
        )
        .expects(
            "twenty come and go in all these ways, and the room is empty",
            "What is left of one is multiplied.",
            twenty,
        )
}

async fn hears(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    let (mut ada, mut bob) = (hall.enter().await?, hall.enter().await?);
    for text in ["one", "two", "three"] {
        ada.say(text).await;
        sleep(SECOND).await;
    }
    hall.room.say(&message("four"));
    for member in [&mut ada, &mut bob] {
        for expected in ["one", "two", "three", "four"] {
            let heard = member.hear().await.map_err(|status| failed(&status))?;
            ensure(heard.as_deref() == Some(expected), || {
                format!("{expected:?} was said, {heard:?} was heard")
            })?;
        }
    }
    Ok(())
}

async fn half_closes(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    for says in [0, 1, 5] {
        let mut member = hall.enter().await?;
        for _ in 0..says {
            member.say("hello").await;
        }
        sleep(SECOND).await;
        member.says = None;
        sleep(SECOND * 3600).await;
        for number in 0..10 {
            hall.room.say(&message(&number.to_string()));
        }
        for _ in 0..says {
            member.hear().await.map_err(|status| failed(&status))?;
        }
        for number in 0..10 {
            let heard = member.hear().await.map_err(|status| failed(&status))?;
            ensure(heard == Some(number.to_string()), || {
                format!(
                    "the client half-closed, \"{number}\" was said an hour later, {heard:?} was heard"
                )
            })?;
        }
        drop(member);
        hall.is_empty("the client half-closed, and left").await?;
    }
    Ok(())
}

async fn speaks_unread(lab: Lab) -> Verdict {
    /// Two queues of 16, and what is under way.
    const MOST_HELD: usize = 40;
    let hall = Hall::open(&lab).await?;
    let (mut ada, mut bob) = (hall.enter().await?, hall.enter().await?);
    let mut heard = 0;
    for number in 0..200 {
        hall.room
            .say(&message("much is said here, and one does not listen"));
        sleep(SECOND / 10).await;
        bob.hear().await.map_err(|status| failed(&status))?;
        if number == 100 {
            ada.say("").await;
            let from_ada = bob.hear().await.map_err(|status| failed(&status))?;
            ensure(from_ada.as_deref() == Some(""), || {
                format!("one who does not read said \"\", and {from_ada:?} was heard")
            })?;
        }
    }
    while let Ok(Ok(Some(_))) = timeout(SECOND, ada.hear()).await {
        heard += 1;
    }
    ensure(heard <= MOST_HELD, || {
        format!("200 messages were said, one did not read, and got {heard} of them later")
    })?;
    drop((ada, bob));
    hall.is_empty("both left").await
}

async fn room_closes(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    let mut member = hall.enter().await?;
    sleep(SECOND * 3600).await;
    hall.room.close();
    let end = member.hear().await.map_err(|status| failed(&status))?;
    ensure(end.is_none(), || {
        format!("the room closed, and the client heard {end:?}")
    })?;
    drop(member);
    hall.is_empty("the room closed").await
}

async fn leaves(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    for after in [0, 1, 3600] {
        let member = hall.enter().await?;
        member.say("hello").await;
        sleep(SECOND * after).await;
        drop(member);
        hall.is_empty(&format!("the client left after {after} s"))
            .await?;
    }
    Ok(())
}

async fn leaves_unread(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    let member = hall.enter().await?;
    for _ in 0..100 {
        hall.room
            .say(&message("much is said here, and one does not listen"));
        sleep(SECOND / 10).await;
    }
    drop(member);
    hall.is_empty("much was said, nothing was read, and the client left")
        .await
}

async fn breaks(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    let member = hall.enter().await?;
    sleep(SECOND).await;
    lab.cut();
    sleep(SECOND / 100).await;
    let seats = hall.room.seats();
    ensure(seats == 0, || {
        format!("the connection broke: halves still in the room: {seats}")
    })?;
    drop(member);

    let hall = Hall::open(&lab).await?;
    let _member = hall.enter().await?;
    lab.partition();
    // The keepalive finds out within 15 s.
    sleep(SECOND * 16).await;
    let seats = hall.room.seats();
    lab.repair();
    ensure(seats == 0, || {
        format!("the client vanished: halves still in the room: {seats}")
    })
}

async fn stream_fails(lab: Lab) -> Verdict {
    /// One byte more than a server reads.
    const TOO_LONG: usize = 4 * 1024 * 1024;
    let hall = Hall::open(&lab).await?;
    for has_read in [true, false] {
        let mut member = hall.enter().await?;
        for _ in 0..if has_read { 0 } else { 100 } {
            hall.room
                .say(&message("much is said here, and one does not listen"));
            sleep(SECOND / 100).await;
        }
        member.say(&"x".repeat(TOO_LONG)).await;
        sleep(SECOND).await;
        let seats = hall.room.seats();
        ensure(seats == 0, || {
            format!("the client's stream failed: halves still in the room: {seats}")
        })?;
        let code = loop {
            match member.hear().await {
                Ok(Some(_)) if !has_read => {}
                Ok(heard) => {
                    let heard = heard.map(|text| text.chars().take(20).collect::<String>());
                    return Err(Finding::seen(format!(
                        "a message was too long, and the client heard {heard:?}"
                    )));
                }
                Err(status) => break status.code(),
            }
        };
        ensure(code == Code::OutOfRange, || {
            format!("OutOfRange of the client's stream became {code:?}")
        })?;
        drop(member);
        hall.is_empty("the client's stream failed").await?;
    }
    Ok(())
}

async fn twenty(lab: Lab) -> Verdict {
    let hall = Hall::open(&lab).await?;
    let mut members = Vec::new();
    for _ in 0..20 {
        members.push(hall.enter().await?);
    }
    let inside = hall.room.seats();
    ensure(inside == 40, || {
        format!("20 members came in, and {inside} halves are in the room")
    })?;
    for (number, mut member) in members.into_iter().enumerate() {
        match number % 3 {
            0 => drop(member),
            1 => {
                member.says = None;
                sleep(SECOND).await;
                drop(member);
            }
            _ => {
                member.say("goodbye").await;
                drop(member.hears);
                drop(member.says);
            }
        }
    }
    hall.is_empty("20 came and went").await
}
