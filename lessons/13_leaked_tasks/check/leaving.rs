//! Members leave in every way, and nothing of them may be left.

use std::time::Duration;

use tonic::Code;
use workbook::grade::{Check, count, ended, ensure};
use workbook::proto::chat::ChatMessage;

use super::super::room::behind;
use super::member::message;
use super::peers::{Exit, TestRoom};
use super::{DAY, HOUR, MANY, SECOND, Subject};

/// One byte more than a server reads.
const TOO_LONG: usize = 4 * 1024 * 1024;

/// Adds how a call may end.
pub fn check(check: Check, chat: Subject) -> Check {
    check
        .expects("ends with OK when the room closes, and leaves nothing behind")
        .hint("The forwarding half is done. What ends the other? The response stream stays open as long \
             as your code holds a sender.")
        .each(
            [("a silent room", 0), ("a room in which one was published", 1), ("a room in which five were", 5)],
            async move |lab, published| {
                let room = TestRoom::open(&lab, chat).await?;
                let mut member = room.join().await?;
                lab.sleep(HOUR).await;
                room.publish(published).await;
                room.room.close();
                for number in 0..published {
                    member.receives(&message(number)).await?;
                }
                member.ends().await?;
                room.is_empty().await
            },
        )
        .expects("leaves a room that closes, also if the client does not read, and delivers what is queued")
        .hint("While the client does not read, where does your code wait? Does it wait for the room, too?")
        .each(
            [5, 10, 15, 20, MANY].map(|published| (format!("{published} messages are unread"), published)),
            async move |lab, published| {
                let room = TestRoom::open(&lab, chat).await?;
                let mut member = room.join().await?;
                room.publish(published).await;
                room.room.close();
                room.has_no_member().await?;
                let (received, end) = member.reads_to_the_end().await?;
                if received < published && end.is_err() {
                    return ended(&end).as_sent(&behind());
                }
                ended(&end).well()?;
                count(received, "messages that came before the end with OK").is(published)?;
                room.is_empty().await
            },
        )
        .expects("puts no member out because it has not read for long")
        .hint("A slow member is one that has missed a message. What in your code counts seconds?")
        .silence(DAY)
        .each(
            [4, 16, 18, 20, 22, 24, 28, 32].map(|published| (format!("{published} messages are unread"), published)),
            async move |lab, published| {
                let room = TestRoom::open(&lab, chat).await?;
                let _member = room.join().await?;
                room.publish(published).await;
                // How much it holds is its own choice, and with that, when it is too far behind.
                let halves = room.room.halves();
                lab.sleep(HOUR).await;
                count(room.room.halves(), "halves in the room after an hour without a message").is(halves)
            },
        )
        .expects("leaves nothing behind when the client disconnects in a silent room")
        .hint("Neither half has anything to send. What did tonic drop?")
        .silence(DAY * 2)
        .each(
            [("at once", Duration::ZERO), ("after a second", SECOND), ("after a day", DAY)],
            async move |lab, after| {
                let room = TestRoom::open(&lab, chat).await?;
                let member = room.join().await?;
                member.publishes(message(0)).await;
                lab.sleep(after).await;
                room.is_left_by(member, Exit::Drop).await
            },
        )
        .expects("leaves nothing behind when a client that does not read disconnects")
        .hint("Where do your halves wait, when the client does not read?")
        .each(
            [10, 20, MANY].map(|published| (format!("{published} messages are unread"), published)),
            async move |lab, published| {
                let room = TestRoom::open(&lab, chat).await?;
                let member = room.join().await?;
                room.publish(published).await;
                room.is_left_by(member, Exit::Drop).await
            },
        )
        .expects("leaves nothing behind when the connection breaks, or the client vanishes")
        .hint("Not every end is an END_STREAM.")
        .each(
            [
                ("the connection breaks", (Exit::Break, 0)),
                ("the connection breaks, 10 messages are unread", (Exit::Break, 10)),
                ("the client vanishes", (Exit::Vanish, 0)),
                ("the client vanishes, 10 messages are unread", (Exit::Vanish, 10)),
            ],
            async move |lab, (how, published)| {
                let room = TestRoom::open(&lab, chat).await?;
                let member = room.join().await?;
                room.publish(published).await;
                room.is_left_by(member, how).await
            },
        )
        .expects("ends with the error of the client's stream, and leaves nothing behind")
        .hint("`message()` can fail. What should the client learn from that?")
        .each(
            [0, 10, MANY].map(|published| (format!("{published} messages are unread"), published)),
            async move |lab, published| {
                let room = TestRoom::open(&lab, chat).await?;
                let mut member = room.join().await?;
                room.publish(published).await;
                let content = "x".repeat(TOO_LONG);
                member.publishes(ChatMessage { content, ..message(0) }).await;
                room.has_no_member().await?;
                let (_, end) = member.reads_to_the_end().await?;
                // It has fallen behind before that, and may learn of either.
                if published == MANY && ended(&end).as_sent(&behind()).is_ok() {
                    return room.is_empty().await;
                }
                ended(&end).with(Code::OutOfRange)?;
                ensure(end.is_err_and(|status| status.message().contains("4194304")), || {
                    "the call ended without the text of that error, which names the limit of 4194304 bytes"
                })?;
                room.is_empty().await
            },
        )
        .expects("twenty members leave in all these ways, and the room is empty")
        .hint("Whatever one call leaves behind is multiplied by the number of calls.")
        .plays(async move |lab| {
            let room = TestRoom::open(&lab, chat).await?;
            let mut members = Vec::new();
            for _ in 0..20 {
                members.push(room.join().await?);
            }
            count(room.room.halves(), "halves in a room of 20 members").is(40)?;
            for (number, mut member) in members.into_iter().enumerate() {
                match number % 3 {
                    0 => {}
                    1 => {
                        member.half_closes();
                        lab.sleep(SECOND).await;
                    }
                    _ => member.publishes(message(number)).await,
                }
                drop(member);
            }
            room.is_empty().await
        })
}
