//! Grades the exercise: what members receive, and then that nothing is left of those that leave.

#[path = "check/leaving.rs"]
mod leaving;
#[path = "check/member.rs"]
mod member;
#[path = "check/peers.rs"]
mod peers;

use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join;
use tonic::service::Routes;
use workbook::grade::{Check, count, ended};
use workbook::proto::chat::ChatMessage;

use super::room::{Room, behind};
use member::message;
use peers::{Exit, TestRoom};

/// The exercise: a service whose members meet in this room.
pub type Subject = fn(Arc<Room>) -> Routes;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The two queues of 16 in the exercise's text, and what is in flight.
const MOST_HELD: usize = 40;

/// More than two queues of 16 and a window hold.
const MANY: usize = 200;

pub fn check(chat: Subject) -> Check {
    let check = Check::new()
        .expects("members receive what is published in the room, at once and in order")
        .hint("Publishing and forwarding happen at the same time. Neither may wait for the other.")
        .each(
            [
                ("a message", message(7)),
                ("a message without content", ChatMessage { content: String::new(), ..message(7) }),
                ("a message without a user", ChatMessage { user_id: String::new(), ..message(7) }),
                ("an empty message", ChatMessage::default()),
                ("a long message", ChatMessage { content: " long ".repeat(1_000), ..message(7) }),
            ],
            async move |lab, unusual| {
                let room = TestRoom::open(&lab, chat).await?;
                let (mut ada, mut bob) = (room.join().await?, room.join().await?);
                for published in [&unusual, &message(8), &message(8), &unusual] {
                    ada.publishes(published.clone()).await;
                    bob.receives_at_once(published).await?;
                    ada.receives_at_once(published).await?;
                    bob.publishes(published.clone()).await;
                    ada.receives_at_once(published).await?;
                    bob.receives_at_once(published).await?;
                }
                room.room.publish(&message(9));
                bob.receives_at_once(&message(9)).await?;
                ada.receives_at_once(&message(9)).await
            },
        )
        .expects("forwards as many messages as are published to a member that reads")
        .hint("Is there a number of messages after which your code stops, or a burst that it cannot follow?")
        .plays(async move |lab| {
            const PUBLISHED: usize = 1_100;
            let room = TestRoom::open(&lab, chat).await?;
            let (ada, mut bob) = (room.join().await?, room.join().await?);
            let publishing = async {
                for number in 0..PUBLISHED {
                    ada.publishes(message(number)).await;
                }
                Ok(())
            };
            let receiving = async {
                for number in 0..PUBLISHED {
                    bob.receives(&message(number)).await?;
                }
                Ok(())
            };
            try_join(publishing, receiving).await.map(drop)
        })
        .expects("waits for the client and for the room for as long as it takes")
        .hint("Silence is not the end of anything. Which of your waits gives up after a time?")
        .silence(DAY * 2)
        .plays(async move |lab| {
            let room = TestRoom::open(&lab, chat).await?;
            let (mut ada, mut bob) = (room.join().await?, room.join().await?);
            for number in 0..2 {
                lab.sleep(DAY).await;
                ada.publishes(message(number)).await;
                bob.receives_at_once(&message(number)).await?;
                ada.receives_at_once(&message(number)).await?;
            }
            Ok(())
        })
        .expects("a member that half-closes still receives, and leaves nothing behind")
        .hint("`None` from the client ends one of your halves. The other still has work to do. What ends \
             it when the client disconnects?")
        .silence(DAY * 2)
        .each(
            [
                ("ten hours ago, and published nothing", (0, HOUR * 10)),
                ("an hour ago, and published one", (1, HOUR)),
                ("a second ago, and published five", (5, SECOND)),
            ],
            async move |lab, (published, ago)| {
                let room = TestRoom::open(&lab, chat).await?;
                let mut member = room.join().await?;
                for number in 0..published {
                    member.publishes(message(number)).await;
                }
                member.half_closes();
                lab.sleep(ago).await;
                room.publish(10).await;
                for number in (0..published).chain(0..10) {
                    member.receives(&message(number)).await?;
                }
                room.is_left_by(member, Exit::Drop).await
            },
        )
        .expects("a member that does not read can still publish, and its queue stays short")
        .hint("Where does your code wait when the client does not read, and what stands still \
             meanwhile?")
        .plays(async move |lab| {
            let room = TestRoom::open(&lab, chat).await?;
            let (mut ada, mut bob) = (room.join().await?, room.join().await?);
            for number in 0..MANY {
                room.room.publish(&message(number));
                bob.receives(&message(number)).await?;
                if number % 50 == 49 {
                    ada.publishes(message(number)).await;
                    bob.receives_at_once(&message(number)).await?;
                }
            }
            let (received, _) = ada.reads_to_the_end().await?;
            count(received, "messages that waited for a member that did not read").at_most(MOST_HELD)
        })
        .expects("tells a member that it has fallen behind, with the room's error")
        .hint("What does `Subscriber::next` return when messages were left out?")
        .plays(async move |lab| {
            let room = TestRoom::open(&lab, chat).await?;
            let mut member = room.join().await?;
            room.publish(MANY).await;
            let (_, end) = member.reads_to_the_end().await?;
            ended(&end).as_sent(&behind())?;
            room.is_empty().await
        });
    leaving::check(check, chat)
}
