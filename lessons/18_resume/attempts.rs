//! Loops that call again after an error, each from another position.

use tonic::Code;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::events::FollowRequest;
use workbook::proto::events::event_service_client::EventServiceClient;

use super::received::Received;

/// The client gives up after so many calls: without a limit the first loop would never end.
const MOST_CALLS: usize = 8;

// ANCHOR: positions
/// Wrong: from the start, every time.
pub fn from_start(_: &Received) -> u64 {
    1
}

/// Wrong: the last event that the client has, which it gets again.
pub fn from_last(received: &Received) -> u64 {
    received.last.max(1)
}

/// Wrong, unless repeats do no harm: only every fifth position is noted, and the others are lost.
pub fn from_every_fifth(received: &Received) -> u64 {
    received.last / 5 * 5 + 1
}

/// Right: the first event that the client does not have.
pub fn from_behind_last(received: &Received) -> u64 {
    received.last + 1
}
// ANCHOR_END: positions

/// Right: nothing that a broken connection can cause ends the loop.
pub fn any(_: Code) -> bool {
    true
}

// ANCHOR: only_unavailable
/// Wrong: tonic reports a broken connection as Unknown.
pub fn only_unavailable(code: Code) -> bool {
    code == Code::Unavailable
}
// ANCHOR_END: only_unavailable

// ANCHOR: loop
/// Calls until the log ends. Wrong for production: it does not wait between two calls.
pub async fn follow(
    mut client: EventServiceClient<Channel>,
    position: fn(&Received) -> u64,
    is_worth_a_retry: fn(Code) -> bool,
) {
    let mut received = Received::default();
    let mut calls = 0;
    while calls < MOST_CALLS {
        calls += 1;
        let from = position(&received);
        let before = received.len();
        let end = one_call(&mut client, from, &mut received).await;
        log_call(calls, from, &received, before, &end);
        match end {
            Ok(()) => break,
            Err(status) if is_worth_a_retry(status.code()) => {}
            Err(_) => break,
        }
    }
    received.log();
}

async fn one_call(
    client: &mut EventServiceClient<Channel>,
    from: u64,
    received: &mut Received,
) -> Result<(), tonic::Status> {
    let mut events = client.follow(FollowRequest { from }).await?.into_inner();
    while let Some(event) = events.message().await? {
        received.add(&event);
    }
    Ok(())
}
// ANCHOR_END: loop

fn log_call(
    call: usize,
    from: u64,
    received: &Received,
    before: usize,
    end: &Result<(), tonic::Status>,
) {
    let got = received.len() - before;
    let code = end.as_ref().map_or_else(tonic::Status::code, |()| Code::Ok);
    info!(
        call,
        from,
        got,
        ?code,
        "call {call} from {from}: {got} events, {code:?}"
    );
}
