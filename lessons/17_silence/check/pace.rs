//! What is expected of the heartbeats that the client sends.

use workbook::grade::{Check, Finding, Script, count};
use workbook::lab::Lab;

use super::floor::Floor;
use super::messages::{heartbeats, prices};
use super::subscribed::Subscribed;
use super::ticker::Ticker;
use super::{SECOND, Subject};

/// The check, with what is expected of them.
pub fn check(check: Check, open: Subject) -> Check {
    let says = Script::new;
    check
        .expects("is never silent for more than 30 s, whether its reader reads or not")
        .hint("What sends your heartbeats, and what has to happen before it does?")
        .each(paces(), async move |lab, pace| {
            let (floor, _subscribed) = ten_minutes(&lab, open, pace).await?;
            floor.is_never_silent()
        })
        .expects("sends no more than one heartbeat in 20 s")
        .hint("A heartbeat that comes early costs both sides something, and proves nothing more.")
        .each(paces(), async move |lab, pace| {
            let (floor, _subscribed) = ten_minutes(&lab, open, pace).await?;
            floor.is_never_hasty()
        })
        .expects("does not make up for heartbeats that it could not send")
        .hint("What does your timer do with the ticks that it has missed, and where do heartbeats wait?")
        .plays(async move |lab| {
            let says = says().every(SECOND * 20, heartbeats(100));
            let ticker = Ticker::new(says).reads_after(SECOND * 900, WINDOW);
            let floor = Floor::open(&lab, open, ticker).await?;
            let mut subscribed = floor.subscribe().await?;
            subscribed.is_quiet(SECOND * 910).await?;
            let sent = floor.ticker().heartbeats().len();
            count(sent, "heartbeats that came at once, when the server read again").at_most(WAITING)
        })
}

/// So small that a server which does not read soon stops its client, in bytes.
const WINDOW: u32 = 16;
/// How many heartbeats may wait then: in that window, in HTTP/2's buffers and in a short queue. There were
/// 45 that could not be sent.
const WAITING: usize = 10;

/// What the reader does for ten minutes.
#[derive(Debug, Clone, Copy)]
enum Reader {
    /// It awaits `next`, which has nothing for it.
    Waits,
    /// It does something else.
    Away,
    /// It reads a price a second.
    Reads,
}

/// Servers that stay alive for ten minutes, and what the reader does.
fn paces() -> [(&'static str, (Ticker, Reader)); 4] {
    let alive = || Ticker::new(Script::new().every(SECOND * 20, heartbeats(100)));
    let busy = Ticker::new(Script::new().every(SECOND, prices(PRICES)).hold());
    [
        ("the reader waits", (alive(), Reader::Waits)),
        ("the reader does something else", (alive(), Reader::Away)),
        ("there is a price every second", (busy, Reader::Reads)),
        (
            "the answer takes 25 s",
            (alive().answers_after(SECOND * 25), Reader::Waits),
        ),
    ]
}

/// Ten minutes of them.
const PRICES: i64 = 600;

/// Ten minutes of a subscription, which is then still open.
async fn ten_minutes(
    lab: &Lab,
    open: Subject,
    (ticker, reader): (Ticker, Reader),
) -> Result<(Floor, Subscribed), Finding> {
    let floor = Floor::open(lab, open, ticker).await?;
    let mut subscribed = floor.subscribe().await?;
    match reader {
        Reader::Waits => subscribed.is_quiet(SECOND * 600).await?,
        Reader::Away => lab.sleep(SECOND * 600).await,
        Reader::Reads => subscribed.brings(PRICES).await?,
    }
    Ok((floor, subscribed))
}
