//! What the members of the scenes log.

use std::time::Duration;

use tokio::time::timeout;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::rooms::FromRoom;
use workbook::proto::rooms::from_room::Kind;

use super::session::Heard;

/// A run of messages ends when the next one takes so long.
const QUIET: Duration = Duration::from_secs(2);

/// Logs what a session hears.
pub fn log(heard: Heard) {
    match heard {
        Heard::Here(here) => {
            let (names, history) = (here.names.join(", "), here.last);
            info!(
                here = names,
                history, "is in; here: {names}; history up to {history}"
            );
        }
        Heard::Said(said) => {
            let (sequence, name) = (said.sequence, said.name);
            info!(sequence, "{sequence}  {name}: {}", said.text);
        }
        Heard::Moved(moved) => {
            let (joined, left) = (moved.joined.join(", "), moved.left.join(", "));
            if !left.is_empty() {
                info!(is_gone = left, "{left} is gone");
            }
            if !joined.is_empty() {
                info!(is_new = joined, "{joined} is new");
            }
        }
        Heard::Refused(refused) => {
            let why = refused.why;
            info!(refused = why, "is refused: {why}");
        }
        Heard::Lost(status, pause) => {
            let (code, pause) = (status.code(), pause.as_millis());
            info!(lost = ?code, "{code:?}: calls again in {pause} ms");
        }
        Heard::Missed => info!(missed = true, "what was said meanwhile is not kept"),
    }
}

/// Logs an event of a call.
pub fn event(event: FromRoom) {
    match event.kind {
        Some(Kind::Here(here)) => log(Heard::Here(here)),
        Some(Kind::Said(said)) => log(Heard::Said(said)),
        Some(Kind::Moved(moved)) => log(Heard::Moved(moved)),
        Some(Kind::Refused(refused)) => log(Heard::Refused(refused)),
        Some(Kind::Beat(_)) | None => {}
    }
}

pub fn status(status: &Status) {
    let code = status.code();
    info!(?code, "{code:?}: {}", status.message());
}

/// Reads a call to its end, and logs each unbroken run of messages as one line.
pub async fn runs(mut room: Streaming<FromRoom>) -> Result<(), Status> {
    let mut run: Option<(u64, u64)> = None;
    loop {
        let event = match run {
            // Nothing is lost when the future is dropped.
            Some(_) => match timeout(QUIET, room.message()).await {
                Ok(event) => event,
                Err(_) => {
                    log_run(run.take());
                    continue;
                }
            },
            None => room.message().await,
        };
        let kind = event
            .as_ref()
            .ok()
            .and_then(|event| event.as_ref()?.kind.as_ref());
        let sequence = match kind {
            Some(Kind::Said(said)) => said.sequence,
            Some(Kind::Here(here)) => {
                let (names, history) = (here.names.join(", "), here.last);
                info!(
                    here = names,
                    history, "is in; here: {names}; history up to {history}"
                );
                continue;
            }
            Some(_) => continue,
            None => {
                log_run(run);
                return ends(event.map(|_| ()));
            }
        };
        run = match run {
            Some((first, last)) if sequence == last + 1 => Some((first, sequence)),
            before => {
                log_run(before);
                Some((sequence, sequence))
            }
        };
    }
}

fn log_run(run: Option<(u64, u64)>) {
    if let Some((first, last)) = run {
        info!(first, last, "got {first} to {last}");
    }
}

fn ends(ended: Result<(), Status>) -> Result<(), Status> {
    match &ended {
        Ok(()) => info!(code = "Ok", "the end, OK"),
        Err(error) => status(error),
    }
    ended
}
