//! Grades the exercise: what it shows, what it sends, and when; and then how it ends.

#[path = "check/ends.rs"]
mod ends;
#[path = "check/lines.rs"]
mod lines;
#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Check, Peer, Script};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use lines::{THREE, line_after, line_of, lines_every, said};
use peers::Room;

/// The exercise: a chat as a user, with these lines, until it is over.
pub type Subject = for<'a> fn(
    ChatServiceClient<Channel>,
    &'a str,
    BoxStream<'static, String>,
    Show<'a>,
) -> LocalBoxFuture<'a, Result<(), Status>>;

/// What shows a message.
type Show<'a> = Box<dyn FnMut(ChatMessage) + Send + 'a>;

const TENTH: Duration = Duration::from_millis(100);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

pub fn check(chat: Subject) -> Check {
    let check = Check::new()
        .expects("sends every line, in order, to the room \"lobby\"")
        .hint(
            "Each line becomes one message with user_id, content and room_id, and its text is not \
             changed. All of them must have left before you return.",
        )
        .each(
            [
                ("no line", vec![]),
                (
                    "four lines",
                    ["one", "", "  two ", "three"].map(str::to_owned).to_vec(),
                ),
                ("three lines that are alike", vec!["yes".to_owned(); 3]),
                ("a line of 100,000 bytes", vec!["x".repeat(100_000)]),
                (
                    "5,000 lines",
                    (0..5000).map(|line| line.to_string()).collect(),
                ),
            ],
            async move |lab, lines| {
                let room = Room::open(&lab, chat, Peer::new().echoes()).await?;
                let sent = Script::new().send_all(lines.clone());
                let chatted = room.chat_for(SECOND, "grace", sent).await?;
                room.received("grace", &lines)?;
                let echoes: Vec<_> = lines.iter().map(|line| line_of("grace", line)).collect();
                chatted.showed(&echoes)
            },
        )
        .expects("shows what the server sends before the first line")
        .hint("Which side may send first in a bidirectional call?")
        .silence(HOUR * 24)
        .each(
            [
                ("the first line comes after 10 s", line_after(SECOND * 10)),
                (
                    "the first line comes after ten hours",
                    line_after(HOUR * 10),
                ),
                ("no line comes", Script::new()),
            ],
            async move |lab, lines| {
                let says = Script::new().send(said("welcome"));
                let room = Room::open(&lab, chat, Peer::new().says(says)).await?;
                let chatted = room.chat_for(HOUR * 11, "ada", lines).await?;
                chatted.showed_at(Duration::ZERO, &said("welcome"))
            },
        )
        .expects("shows a message when it arrives, not when the next line is sent")
        .hint("Sending and showing are two jobs. Which of them waits for the other in your code?")
        .silence(HOUR * 24)
        .each(
            [
                ("lines 0.1 s apart", TENTH),
                ("lines ten hours apart", HOUR * 10),
            ],
            async move |lab, pause| {
                // Two messages between two lines, so that one reply for each line does not keep up.
                let says = Script::new()
                    .wait(pause * 13 / 10)
                    .send(said("first"))
                    .wait(pause * 3 / 10)
                    .send(said("second"));
                let room = Room::open(&lab, chat, Peer::new().says(says)).await?;
                let chatted = room.chat_for(pause * 4, "ada", lines_every(pause)).await?;
                chatted.showed_at(pause * 13 / 10, &said("first"))?;
                chatted.showed_at(pause * 16 / 10, &said("second"))
            },
        )
        .expects("sends each line when it comes")
        .hint("A line must not wait for the next one, for a message, or for the end of the lines.")
        .silence(HOUR * 24)
        .each(
            [
                ("lines 0.1 s apart", (TENTH, 0)),
                ("lines ten hours apart", (HOUR * 10, 0)),
                ("a server that answers with its first message", (TENTH, 1)),
            ],
            async move |lab, (pause, wants)| {
                let room = Room::open(&lab, chat, Peer::new().wants(wants).echoes()).await?;
                let chatted = room.chat_for(pause * 4, "ada", lines_every(pause)).await?;
                for (number, line) in (1..).zip(THREE) {
                    chatted.showed_at(pause * number, &line_of("ada", line))?;
                }
                Ok(())
            },
        )
        .expects("goes on showing after the last line")
        .hint("A half-close ends only the client's half of the call.")
        .silence(HOUR * 24)
        .each(
            [("40 s later", SECOND * 40), ("ten hours later", HOUR * 10)],
            async move |lab, later| {
                let says = Script::new().wait(later).send(said("goodbye"));
                let room = Room::open(&lab, chat, Peer::new().says(says)).await?;
                let chatted = room.chat_for(later * 2, "ada", line_after(TENTH)).await?;
                chatted.showed(&[said("goodbye")])
            },
        );
    ends::check(check, chat)
}
