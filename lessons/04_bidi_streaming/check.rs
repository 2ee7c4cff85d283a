//! Grades the exercise: what it shows, what it says, and when.

#[path = "check/heard.rs"]
mod heard;
#[path = "check/peer.rs"]
mod peer;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use tokio::time::sleep;
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use heard::{at, chat_to, ended_with, line_at, run, run_as};
use peer::{Peer, Script};

/// No conversation below lasts this long, in virtual time.
const LONG: Duration = Duration::from_secs(60);

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "says every line, in order, in the room \"lobby\"",
            "One message a line, as it is: user_id, content, room_id. All of it must have left before \
             you return.",
            says_every_line,
        )
        .expects(
            "shows what the server says before the first line",
            "Who may speak first in a bidirectional call?",
            server_speaks_first,
        )
        .expects(
            "shows a message when it comes, not when the next line is said",
            "Saying and showing are two jobs. Which of yours waits for the other?",
            shows_at_once,
        )
        .expects(
            "goes on showing after the last line",
            "A half-close ends one half.",
            shows_after_the_last_line,
        )
        .expects(
            "returns when both sides have ended",
            "The server waits for the end of your half. What ends it, and who still holds it?",
            comes_to_an_end,
        )
        .expects(
            "returns the status of a call that the server ends, though lines are still to come",
            "Whoever waits for the next line does not hear that the call is over.",
            server_ends_the_call,
        )
        .expects(
            "returns the status of a call that is refused",
            "A server can say no before it says anything else.",
            refused,
        )
        .expects(
            "goes on hearing while a line waits to be said",
            "Both directions have room for little here. Who empties yours while you wait to speak?",
            long_conversation,
        )
        .expects(
            "lets go of the lines when the call is over",
            "Something still waits for the next line. Who would end it?",
            lets_go_of_the_lines,
        )
}

async fn says_every_line(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo());
    let spoken = ["one", "", "  two ", "three"];
    let lines = stream::iter(spoken.map(str::to_owned));
    let heard = run_as("grace", &lab, &peer, lines).await?;
    heard.end.map_err(|status| ended_with(&status))?;
    let said = peer.said();
    let contents: Vec<&str> = said
        .iter()
        .map(|message| message.content.as_str())
        .collect();
    ensure(contents == spoken, || {
        format!("the server heard {contents:?}")
    })?;
    let shown: Vec<&str> = heard
        .shown
        .iter()
        .map(|(_, content)| content.as_str())
        .collect();
    ensure(shown == contents, || {
        format!("the server echoed {contents:?}, and {shown:?} were shown")
    })?;
    let wrong = said
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
    let peer = Peer::new(Script::echo().says_at(0, "welcome"));
    let heard = run(&lab, &peer, line_at(10_000)).await?;
    at(&heard, "welcome", 0)?;
    // And to somebody who has nothing to say at all.
    let heard = run(&lab, &peer, stream::empty()).await?;
    at(&heard, "welcome", 0)
}

async fn shows_at_once(lab: Lab) -> Verdict {
    // Two messages between two lines, so that one reply for each line does not keep up.
    let script = Script::echo()
        .says_at(130, "first")
        .says_at(160, "second")
        .says_at(320, "third");
    let peer = Peer::new(script);
    let lines = Box::pin(stream::iter(1..=4).then(|number| async move {
        sleep(Duration::from_millis(100)).await;
        format!("line {number}")
    }));
    let heard = run(&lab, &peer, lines).await?;
    at(&heard, "first", 130)?;
    at(&heard, "second", 160)?;
    at(&heard, "third", 320)
}

async fn shows_after_the_last_line(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo().says_after_the_end(40_000, "goodbye"));
    let heard = run(&lab, &peer, line_at(100)).await?;
    let shown: Vec<&str> = heard
        .shown
        .iter()
        .map(|(_, content)| content.as_str())
        .collect();
    ensure(shown.contains(&"goodbye"), || {
        format!("the server said \"goodbye\" 40 s after the last line; shown: {shown:?}")
    })
}

async fn comes_to_an_end(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::echo());
    // No time limit here: when nobody ends a half, the bell says which is open.
    let heard = chat_to("ada", &lab, &peer, line_at(100)).await?;
    heard.end.map_err(|status| ended_with(&status))
}

async fn server_ends_the_call(lab: Lab) -> Verdict {
    for why in [None, Some(Status::unavailable("the room is closing"))] {
        let peer = Peer::new(Script::silent().ends_at(200, why.clone()));
        // A person who says one thing, and then nothing for ever.
        let heard = run(&lab, &peer, line_at(100).chain(stream::pending())).await?;
        let said = |end: &Status| format!("{:?} {:?}", end.code(), end.message());
        let ended = heard
            .end
            .as_ref()
            .map_or_else(said, |()| said(&Status::ok("")));
        let expected = why.as_ref().map_or_else(|| said(&Status::ok("")), said);
        ensure(ended == expected, || {
            format!("the server ended with {expected}, and the chat with {ended}")
        })
        .map_err(|finding| finding.hint("None is a good end. An Err is not the same thing."))?;
    }
    Ok(())
}

async fn refused(lab: Lab) -> Verdict {
    let peer = Peer::new(Script::silent().refuses(Status::permission_denied("not for you")));
    let heard = run(&lab, &peer, line_at(100)).await?;
    match heard.end {
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
    // No time limit here: when both sides wait for each other, the bell says which windows are
    // used up.
    let heard = chat_to("ada", &lab, &peer, lines).await?;
    let shown = heard.shown.len();
    ensure(shown == count, || {
        format!("{count} lines were said, and {shown} echoes were shown")
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
