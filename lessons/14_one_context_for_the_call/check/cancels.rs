//! What is expected of a subscription that is dropped, and of a server that does not read.

use futures::stream::{self, StreamExt as _};
use tokio::time::timeout;
use workbook::grade::{Check, Peer, Script, baseline, count, ensure};

use super::peers::{Room, at_once, long, message, steadily};
use super::subscribed::Counted;
use super::{HOUR, SECOND, Subject};

/// In the exercise's text: how many messages its code may hold.
const MOST_HELD: usize = 100;

/// The check, with what is expected of a call that its owner drops.
pub fn check(check: Check, subject: Subject) -> Check {
    let echo = || Peer::new().echoes();
    let quiet = || Script::new().hold();
    check
        .expects("is cancelled as soon as it is dropped")
        .hint("A call has two streams. What owns the other one, and how does the server learn that the \
               call is cancelled and not finished?")
        .each(
            [
                ("nothing was sent yet", echo(), quiet()),
                ("three messages were sent, and the source is silent", echo(), Script::new().send_all(at_once(3)).hold()),
                ("the source sends without an end", echo(), steadily(SECOND / 100, 500)),
                ("the source has ended, and the server is silent", Peer::new().says(quiet()), Script::new().send_all(at_once(1))),
                ("the server sends without a pause", Peer::new().says(Script::new().send_all(vec![long(1024); 200])).window(65_535), quiet()),
            ]
            .map(|(name, peer, source)| (name, (peer, source))),
            async move |lab, (peer, source)| {
                let room = Room::open(&lab, subject, peer).await?;
                let call = room.subscribe(source).await?;
                lab.sleep(SECOND).await;
                drop(call);
                room.is_cancelled().await
            },
        )
        .expects("is cancelled when it is dropped on a thread without a runtime")
        .hint("`tokio::spawn` panics outside a runtime. What can a `drop` do instead?")
        .plays(async move |lab| {
            let room = Room::open(&lab, subject, echo()).await?;
            let call = room.subscribe(Script::new().send_all(at_once(3)).hold()).await?;
            lab.sleep(SECOND).await;
            let dropped = std::thread::spawn(move || drop(call)).join();
            ensure(dropped.is_ok(), || "the drop panicked")?;
            room.is_cancelled().await
        })
        .expects("is cancelled when the future of `open` is dropped")
        .hint("From which line of your code on does a drop cancel the call?")
        .each(
            [("the source is silent", Script::new().send(message(0)).hold()), ("the source sends without an end", steadily(SECOND / 100, 500))],
            async move |lab, source| {
                let room = Room::open(&lab, subject, echo().answers_after(HOUR)).await?;
                let open = timeout(SECOND, room.opens(source)).await;
                ensure(open.is_err(), || "`open` returned, and the server had not answered yet")?;
                room.is_cancelled().await
            },
        )
        .expects("leaves nothing behind when fifty are opened and dropped")
        .hint("Whatever one call leaves behind is multiplied by the number of calls.")
        .plays(async move |lab| {
            let room = Room::open(&lab, subject, echo()).await?;
            // The first call also starts the connection's own tasks.
            room.subscribe(Script::new()).await?.rest().await?;
            let before = baseline(&lab);
            for _ in 0..50 {
                room.subscribe(Script::new().send(message(0)).hold()).await?;
                // Never polled: there is nothing to cancel, and the source is dropped.
                drop(room.opens(quiet()));
            }
            before.nothing_is_left(&lab).await?;
            count(lab.open_calls().len(), "calls open on the wire").is(0)?;
            room.has_dropped_every_source()
        })
        .expects("leaves the other calls of its channel alone")
        .hint("A channel has one connection. What does your `drop` end besides its own call?")
        .plays(async move |lab| {
            let room = Room::open(&lab, subject, echo()).await?;
            let dropped = room.subscribe(quiet()).await?;
            let mut call = room.subscribe(steadily(SECOND, 3)).await?;
            drop(dropped);
            call.replies_every(SECOND, 3).await
        })
        .expects("does not reset a call that has already ended")
        .hint("Cancelling a call that has ended has no effect. Does your `drop` do anything else?")
        .plays(async move |lab| {
            let room = Room::open(&lab, subject, echo()).await?;
            let mut call = room.subscribe(Script::new().send_all(at_once(2))).await?;
            call.rest().await?;
            drop(call);
            room.is_not_reset().await
        })
        .expects("holds at most 100 messages that the server has no room for")
        .hint("What makes your code wait when the connection takes nothing more?")
        .plays(async move |lab| {
            let room = Room::open(&lab, subject, Peer::new().reads_nothing().window(65_535)).await?;
            let sent = Counted::default();
            let endless = sent.counts(stream::repeat(long(1024)).take(10_000));
            let _call = room.subscribe_with(endless).await?;
            lab.sleep(SECOND).await;
            // A window of 64 KiB takes 63 messages; hyper and h2 hold some more.
            count(sent.now(), "messages of 1 KiB taken for a window of 64 KiB").at_most(80 + MOST_HELD)
        })
}
