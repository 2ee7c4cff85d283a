//! Grades the exercise: members leave in every way, and nothing of them may be left.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::Code;
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use peers::{TestRoom, failed, message};

const SECOND: Duration = Duration::from_secs(1);

pub fn check() -> Check {
    Check::new()
        .expects("members receive what is published in the room, at once and in order")
.hint("Publishing and forwarding happen at the same time. Neither may wait for the other.")
.plays(receives)
        .expects("a member that half-closes still receives, and leaves nothing behind")
.hint("`None` from the client ends one of your halves. The other still has work to do. What ends \
             it when the client disconnects?")
.plays(half_closes)
        .expects("a member that does not read can still publish, and its queue stays short")
.hint("Where does your code wait when the client does not read, and what stands still \
             meanwhile?")
.plays(publishes_unread)
        .expects("ends with OK when the room closes, and leaves nothing behind")
.hint("The forwarding half is done. What ends the other? The response stream stays open as long \
             as your code holds a sender.")
.plays(room_closes)
        .expects("leaves nothing behind when the client disconnects in a silent room")
.hint("Neither half has anything to send. What did tonic drop?")
.plays(disconnects)
        .expects("leaves nothing behind when a client that does not read disconnects")
.hint("Where do your halves wait, when the client does not read?")
.plays(disconnects_unread)
        .expects("leaves nothing behind when the connection breaks, or the client vanishes")
.hint("Not every end is an END_STREAM.")
.plays(breaks)
        .expects("ends with the error of the client's stream, and leaves nothing behind")
.hint("`message()` can fail. What should the client learn from that?")
.plays(stream_fails)
        .expects("twenty members leave in all these ways, and the room is empty")
.hint("Whatever one call leaves behind is multiplied by the number of calls.")
.plays(twenty)
}

async fn receives(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    let (mut ada, mut bob) = (test_room.join().await?, test_room.join().await?);
    for text in ["one", "two", "three"] {
        ada.publish(text).await;
        sleep(SECOND).await;
    }
    test_room.room.publish(&message("four"));
    for member in [&mut ada, &mut bob] {
        for expected in ["one", "two", "three", "four"] {
            let received = member.receive().await.map_err(|status| failed(&status))?;
            ensure(received.as_deref() == Some(expected), || {
                format!("{expected:?} was published, {received:?} was received")
            })?;
        }
    }
    Ok(())
}

async fn half_closes(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    for published in [0, 1, 5] {
        let mut member = test_room.join().await?;
        for _ in 0..published {
            member.publish("hello").await;
        }
        sleep(SECOND).await;
        member.requests = None;
        sleep(SECOND * 3600).await;
        for number in 0..10 {
            test_room.room.publish(&message(&number.to_string()));
        }
        for _ in 0..published {
            member.receive().await.map_err(|status| failed(&status))?;
        }
        for number in 0..10 {
            let received = member.receive().await.map_err(|status| failed(&status))?;
            ensure(received == Some(number.to_string()), || {
                format!(
                    "the client half-closed, \"{number}\" was published an hour later, {received:?} was received"
                )
            })?;
        }
        drop(member);
        test_room
            .is_empty("the client half-closed and disconnected")
            .await?;
    }
    Ok(())
}

async fn publishes_unread(lab: Lab) -> Verdict {
    /// Two queues of 16, and what is in flight.
    const MOST_HELD: usize = 40;
    let test_room = TestRoom::open(&lab).await?;
    let (mut ada, mut bob) = (test_room.join().await?, test_room.join().await?);
    let mut received = 0;
    for number in 0..200 {
        test_room
            .room
            .publish(&message("much is published, and one does not read it"));
        sleep(SECOND / 10).await;
        bob.receive().await.map_err(|status| failed(&status))?;
        if number == 100 {
            ada.publish("").await;
            let from_ada = bob.receive().await.map_err(|status| failed(&status))?;
            ensure(from_ada.as_deref() == Some(""), || {
                format!("a member that does not read published \"\", and {from_ada:?} was received")
            })?;
        }
    }
    while let Ok(Ok(Some(_))) = timeout(SECOND, ada.receive()).await {
        received += 1;
    }
    ensure(received <= MOST_HELD, || {
        format!(
            "200 messages were published, and a member that did not read received {received} of them later"
        )
    })?;
    drop((ada, bob));
    test_room.is_empty("both members left").await
}

async fn room_closes(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    let mut member = test_room.join().await?;
    sleep(SECOND * 3600).await;
    test_room.room.close();
    let end = member.receive().await.map_err(|status| failed(&status))?;
    ensure(end.is_none(), || {
        format!("the room closed, and the client received {end:?}")
    })?;
    drop(member);
    test_room.is_empty("the room closed").await
}

async fn disconnects(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    for after in [0, 1, 3600] {
        let member = test_room.join().await?;
        member.publish("hello").await;
        sleep(SECOND * after).await;
        drop(member);
        test_room
            .is_empty(&format!("the client disconnected after {after} s"))
            .await?;
    }
    Ok(())
}

async fn disconnects_unread(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    let member = test_room.join().await?;
    for _ in 0..100 {
        test_room
            .room
            .publish(&message("much is published, and one does not read it"));
        sleep(SECOND / 10).await;
    }
    drop(member);
    test_room
        .is_empty("the client read none of 100 messages and disconnected")
        .await
}

async fn breaks(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    let member = test_room.join().await?;
    sleep(SECOND).await;
    lab.cut();
    sleep(SECOND / 100).await;
    let halves = test_room.room.halves();
    ensure(halves == 0, || {
        format!("the connection broke: halves still in the room: {halves}")
    })?;
    drop(member);

    let test_room = TestRoom::open(&lab).await?;
    let _member = test_room.join().await?;
    lab.partition();
    // The keepalive detects it within 15 s.
    sleep(SECOND * 16).await;
    let halves = test_room.room.halves();
    lab.repair();
    ensure(halves == 0, || {
        format!("the client vanished: halves still in the room: {halves}")
    })
}

async fn stream_fails(lab: Lab) -> Verdict {
    /// One byte more than a server reads.
    const TOO_LONG: usize = 4 * 1024 * 1024;
    let test_room = TestRoom::open(&lab).await?;
    for has_read in [true, false] {
        let mut member = test_room.join().await?;
        for _ in 0..if has_read { 0 } else { 100 } {
            test_room
                .room
                .publish(&message("much is published, and one does not read it"));
            sleep(SECOND / 100).await;
        }
        member.publish(&"x".repeat(TOO_LONG)).await;
        sleep(SECOND).await;
        let halves = test_room.room.halves();
        ensure(halves == 0, || {
            format!("the client's stream failed: halves still in the room: {halves}")
        })?;
        let code = loop {
            match member.receive().await {
                Ok(Some(_)) if !has_read => {}
                Ok(received) => {
                    let received = received.map(|text| text.chars().take(20).collect::<String>());
                    return Err(Finding::seen(format!(
                        "a message was too long, and the client received {received:?}"
                    )));
                }
                Err(status) => break status.code(),
            }
        };
        ensure(code == Code::OutOfRange, || {
            format!("the client's stream failed with OutOfRange, and the call ended with {code:?}")
        })?;
        drop(member);
        test_room.is_empty("the client's stream failed").await?;
    }
    Ok(())
}

async fn twenty(lab: Lab) -> Verdict {
    let test_room = TestRoom::open(&lab).await?;
    let mut members = Vec::new();
    for _ in 0..20 {
        members.push(test_room.join().await?);
    }
    let halves = test_room.room.halves();
    ensure(halves == 40, || {
        format!("20 members joined, and the room has {halves} halves instead of 40")
    })?;
    for (number, mut member) in members.into_iter().enumerate() {
        match number % 3 {
            0 => drop(member),
            1 => {
                member.requests = None;
                sleep(SECOND).await;
                drop(member);
            }
            _ => {
                member.publish("goodbye").await;
                drop(member.messages);
                drop(member.requests);
            }
        }
    }
    test_room.is_empty("20 members joined and left").await
}
