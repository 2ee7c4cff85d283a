//! Both halves end, or one of them does, or a window is full; and what is left of the call then.

use std::time::Duration;

use futures::future::try_join;
use tonic::{Code, Status};
use workbook::grade::{Check, Peer, Script, after, ended, status_with_details};

use super::lines::{THREE, falls_silent, line_after, line_of, long_lines, said};
use super::peers::Room;
use super::{SECOND, Subject, TENTH};

/// Adds how a chat may end.
pub fn check(check: Check, chat: Subject) -> Check {
    check
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
        .each([("OK", Status::ok("")), ("Unavailable", closing())], async move |lab, status| {
            let last = THREE.map(said);
            let says = Script::new().wait(SECOND).send_all(last.clone());
            let peer = Peer::new().says(says).ends_when_said().with(status);
            let room = Room::open(&lab, chat, peer).await?;
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
                let says = Script::new().every(SECOND, THREE.map(said));
                let peer = Peer::new().says(says);
                let peer = if reads { peer.echoes() } else { peer.reads_nothing().ends_when_said() };
                let room = Room::open(&lab, chat, peer).await?;
                // No time limit: if both sides wait for each other, the stall detector reports which
                // windows are used up.
                let (chatted, end) = room.chat(long_lines()).await;
                for (number, message) in (1..).zip(THREE) {
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

fn closing() -> Status {
    status_with_details(Code::Unavailable, "the room is closing")
}

fn not_for_you() -> Status {
    Status::permission_denied("not for you")
}
