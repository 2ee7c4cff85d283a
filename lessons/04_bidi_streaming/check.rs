//! Grades the exercise: what it shows, what it sends, and when.

#[path = "check/peer.rs"]
mod peer;
#[path = "check/run.rs"]
mod run;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use tokio::time::sleep;
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use peer::{Peer, Script};
use run::{chat_to, ended_with, line_at, run, run_as, shown_at};

pub fn check() -> Check {
    Check::new()
        .expects("sends every line, in order, to the room \"lobby\"")
.hint("Each line becomes one message with user_id, content and room_id, and its text is not \
             changed. All of them must have left before you return.")
.plays(sends_every_line)
        .expects("shows what the server sends before the first line")
.hint("Which side may send first in a bidirectional call?")
.plays(server_speaks_first)
        .expects("shows a message when it arrives, not when the next line is sent")
.hint("Sending and showing are two jobs. Which of them waits for the other in your code?")
.plays(shows_at_once)
        .expects("goes on showing after the last line")
.hint("A half-close ends only the client's half of the call.")
.plays(shows_after_the_last_line)
        .expects("returns when both sides have ended")
.hint("The server waits for your half-close. What causes it, and what in your code prevents it?")
.plays(comes_to_an_end)
        .expects("returns the status of a call that the server ends, though lines are still to come")
.hint("Code that awaits only the next line does not notice that the call is over.")
.plays(server_ends_the_call)
        .expects("returns the status of a call that is refused")
.hint("A server can refuse a call before it sends any message.")
.plays(refused)
        .expects("goes on receiving while a line waits to be sent")
.hint("The windows of both directions are small here. Which code reads while your send waits?")
.plays(long_conversation)
        .expects("drops the lines when the call is over")
.hint("Something in your code still waits for the next line. What ends it?")
.plays(lets_go_of_the_lines)
}

async fn sends_every_line(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo());
    let sent = ["one", "", "  two ", "three"];
    let lines = stream::iter(sent.map(str::to_owned));
    let chatted = run_as("grace", &lab, &peer, lines).await?;
    chatted.end.map_err(|status| ended_with(&status))?;
    let received = peer.received();
    let contents: Vec<&str> = received
        .iter()
        .map(|message| message.content.as_str())
        .collect();
    ensure(contents == sent, || {
        format!("the server received {contents:?}")
    })?;
    let shown: Vec<&str> = chatted
        .shown
        .iter()
        .map(|(_, content)| content.as_str())
        .collect();
    ensure(shown == contents, || {
        format!("the server echoed {contents:?}, and {shown:?} were shown")
    })?;
    let wrong = received
        .iter()
        .find(|message| message.user_id != "grace" || message.room_id != "lobby");
    wrong.map_or(Ok(()), |message| {
        let (user, room) = (&message.user_id, &message.room_id);
        Err(Finding::seen(format!(
            "a message came from user_id {user:?} in room_id {room:?}"
        )))
    })
}

async fn server_speaks_first(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo().sends_at(0, "welcome"));
    let chatted = run(&lab, &peer, line_at(10_000)).await?;
    shown_at(&chatted, "welcome", 0)?;
    // The same for a client that sends nothing at all.
    let chatted = run(&lab, &peer, stream::empty()).await?;
    shown_at(&chatted, "welcome", 0)
}

async fn shows_at_once(lab: Lab) -> Verdict {
    // Two messages between two lines, so that one reply for each line does not keep up.
    let script = Script::echo()
        .sends_at(130, "first")
        .sends_at(160, "second")
        .sends_at(320, "third");
    let peer = Peer::new(script);
    let lines = Box::pin(stream::iter(1..=4).then(|number| async move {
        sleep(Duration::from_millis(100)).await;
        format!("line {number}")
    }));
    let chatted = run(&lab, &peer, lines).await?;
    shown_at(&chatted, "first", 130)?;
    shown_at(&chatted, "second", 160)?;
    shown_at(&chatted, "third", 320)
}

async fn shows_after_the_last_line(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo().sends_after_the_end(40_000, "goodbye"));
    let chatted = run(&lab, &peer, line_at(100)).await?;
    let shown: Vec<&str> = chatted
        .shown
        .iter()
        .map(|(_, content)| content.as_str())
        .collect();
    ensure(shown.contains(&"goodbye"), || {
        format!("the server sent \"goodbye\" 40 s after the last line; shown: {shown:?}")
    })
}

async fn comes_to_an_end(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo());
    // No time limit here: if a half stays open, the stall detector reports which.
    let chatted = chat_to("ada", &lab, &peer, line_at(100)).await?;
    chatted.end.map_err(|status| ended_with(&status))
}

async fn server_ends_the_call(lab: Lab) -> Verdict {
    for why in [None, Some(Status::unavailable("the room is closing"))] {
        let peer = Peer::new(Script::silent().ends_at(200, why.clone()));
        // One line, and then neither another nor an end, like a user who stops typing.
        let chatted = run(&lab, &peer, line_at(100).chain(stream::pending())).await?;
        let words = |end: &Status| format!("{:?} {:?}", end.code(), end.message());
        let ended = chatted
            .end
            .as_ref()
            .map_or_else(words, |()| words(&Status::ok("")));
        let expected = why.as_ref().map_or_else(|| words(&Status::ok("")), words);
        ensure(ended == expected, || {
            format!("the server ended with {expected}, and the chat with {ended}")
        })
        .map_err(|finding| {
            finding.hint("`None` is an end with OK. An `Err` is an end with another status.")
        })?;
    }
    Ok(())
}

async fn refused(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::silent().refuses(Status::permission_denied("not for you")));
    let chatted = run(&lab, &peer, line_at(100)).await?;
    match chatted.end {
        Err(status)
            if status.code() == Code::PermissionDenied && status.message() == "not for you" =>
        {
            Ok(())
        }
        Err(status) => Err(Finding::seen(format!(
            "the server refused with PermissionDenied \"not for you\", and the chat ended with {:?} {:?}",
            status.code(),
            status.message()
        ))),
        Ok(()) => Err(Finding::seen(
            "the server refused the call, and the chat ended with Ok",
        )),
    }
}

async fn long_conversation(lab: Lab) -> Verdict {
    let count = 500;
    let peer = Peer::new(Script::echo());
    let line = "x".repeat(1000);
    let lines = stream::iter(std::iter::repeat_n(line, count));
    // No time limit here: if both sides wait for each other, the stall detector reports which windows
    // are used up.
    let chatted = chat_to("ada", &lab, &peer, lines).await?;
    let shown = chatted.shown.len();
    ensure(shown == count, || {
        format!("{count} lines were sent, and {shown} echoes were shown")
    })
}

async fn lets_go_of_the_lines(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::silent().ends_at(200, None));
    let held = Arc::new(());
    let guard = Arc::clone(&held);
    let lines = line_at(100)
        .chain(stream::pending())
        .map(move |line: String| {
            let _held_with_the_lines = &guard;
            line
        });
    run(&lab, &peer, lines).await?;
    sleep(Duration::from_secs(1)).await;
    ensure(Arc::strong_count(&held) == 1, || {
        "1 s after the chat had returned, something still held the lines".to_owned()
    })
}
