//! Grades the exercise: what it shows, what it sends, and when.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use futures::future::{LocalBoxFuture, try_join};
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Check, Peer, Script, after, ended};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use peers::{
    LINES, Room, closing, falls_silent, line_after, line_of, lines_every, long_lines, not_for_you,
    said,
};

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
    Check::new()
        .expects("sends every line, in order, to the room \"lobby\"")
        .hint("Each line becomes one message with user_id, content and room_id, and its text is not \
             changed. All of them must have left before you return.")
        .each(
            [
                ("no line", vec![]),
                ("four lines", ["one", "", "  two ", "three"].map(str::to_owned).to_vec()),
                ("three lines that are alike", vec!["yes".to_owned(); 3]),
                ("a line of 100,000 bytes", vec!["x".repeat(100_000)]),
                ("5,000 lines", (0..5000).map(|line| line.to_string()).collect()),
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
                ("the first line comes after ten hours", line_after(HOUR * 10)),
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
            [("lines 0.1 s apart", TENTH), ("lines ten hours apart", HOUR * 10)],
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
            [("lines 0.1 s apart", TENTH), ("lines ten hours apart", HOUR * 10)],
            async move |lab, pause| {
                let room = Room::open(&lab, chat, Peer::new().echoes()).await?;
                let chatted = room.chat_for(pause * 4, "ada", lines_every(pause)).await?;
                for (number, line) in (1..).zip(LINES) {
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
        )
        .expects("returns when both sides have ended")
        .hint("The server waits for your half-close. What causes it, and what in your code prevents it?")
        .plays(async move |lab| {
            let room = Room::open(&lab, chat, Peer::new().echoes()).await?;
            // No time limit here: if a half stays open, the stall detector reports which.
            let (chatted, end) = room.chat(line_after(TENTH)).await;
            ended(&end).well()?;
            after(chatted.took, "both sides had ended after 0.1 s, and the chat returned").is(TENTH)
        })
        .expects("returns the status of a call that the server ends, though lines are still to come")
        .hint("Code that awaits only the next line does not notice that the call is over. And `None` \
             is an end with OK, an `Err` an end with another status.")
        .each(
            [
                ("OK, and no line comes", (Status::ok(""), falls_silent(TENTH))),
                ("Unavailable, and no line comes", (closing(), falls_silent(TENTH))),
                ("Cancelled, and no line comes", (Status::cancelled(""), falls_silent(TENTH))),
                ("Unavailable, and lines wait to be sent", (closing(), long_lines().hold())),
            ]
            .map(|(name, case)| (format!("the server ends with {name}"), case)),
            async move |lab, (status, lines)| {
                let says = Script::new().wait(TENTH * 2);
                let peer = Peer::new().says(says).reads_nothing().ends_when_said();
                let room = Room::open(&lab, chat, peer.with(status.clone())).await?;
                let (chatted, end) = room.chat(lines).await;
                ended(&end).as_sent(&status)?;
                after(chatted.took, "the server ended the call after 0.2 s, and the chat returned")
                    .is(TENTH * 2)
            },
        )
        .expects("shows the messages that arrive together with the end")
        .hint("Does your code notice the end before it has shown everything that came before it?")
        .plays(async move |lab| {
            let last = ["one", "two", "three"].map(said);
            let says = Script::new().wait(SECOND).send_all(last.clone());
            let room = Room::open(&lab, chat, Peer::new().says(says).ends_when_said()).await?;
            let (chatted, _) = room.chat(falls_silent(TENTH)).await;
            chatted.showed(&last)
        })
        .expects("returns the status of a call that is refused")
        .hint("A server can refuse a call before it sends any message.")
        .each(
            [
                ("at once", (Duration::ZERO, line_after(TENTH))),
                ("while no line comes", (SECOND, falls_silent(TENTH))),
                ("while lines wait to be sent", (SECOND, long_lines().hold())),
            ],
            async move |lab, (after, lines)| {
                let peer = Peer::new().answers_after(after).refuses(not_for_you());
                let room = Room::open(&lab, chat, peer).await?;
                let (_, end) = room.chat(lines).await;
                ended(&end).as_sent(&not_for_you())
            },
        )
        .expects("goes on showing while a line waits to be sent")
        .hint("The windows of both directions are small here. Which code reads while your send waits?")
        .each(
            [("the server echoes 200 lines of 1,000 bytes", true), ("the server reads no line", false)],
            async move |lab, reads| {
                let says = Script::new().every(SECOND, ["one", "two", "three"].map(said));
                let peer = Peer::new().says(says);
                let peer = if reads { peer.echoes() } else { peer.reads_nothing().ends_when_said() };
                let room = Room::open(&lab, chat, peer).await?;
                // No time limit: if both sides wait for each other, the stall detector reports which
                // windows are used up.
                let (chatted, end) = room.chat(long_lines()).await;
                for (number, message) in (1..).zip(["one", "two", "three"]) {
                    chatted.showed_at(SECOND * number, &said(message))?;
                }
                ended(&end).well()
            },
        )
        .expects("chats in two calls at the same time")
        .hint("What do two chats share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let room = Room::open(&lab, chat, Peer::new().echoes()).await?;
            let chat_as = async |user_id| {
                let chatted = room.chat_for(SECOND * 2, user_id, line_after(SECOND)).await?;
                chatted.showed_at(SECOND, &line_of(user_id, "hello"))
            };
            try_join(chat_as("ada"), chat_as("bob")).await.map(drop)
        })
        .expects("drops the lines when the call is over")
        .hint("Something in your code still waits for the next line. What ends it?")
        .each(
            [
                ("the server ended with OK", Peer::new().says(Script::new().wait(SECOND)).ends_when_said()),
                ("the server refused the call", Peer::new().answers_after(SECOND).refuses(not_for_you())),
            ],
            async move |lab, peer| {
                let room = Room::open(&lab, chat, peer).await?;
                // Its end is the other expectations' concern.
                let _ = room.chat(falls_silent(TENTH)).await;
                room.is_over().await
            },
        )
}
