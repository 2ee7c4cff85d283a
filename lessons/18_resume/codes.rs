//! Which code a client reads for which cause.

use std::time::Duration;

use futures::future::{Either, select};
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tracing::info;
use workbook::lab::Lab;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest, GetSnapshotRequest};
use workbook::{Failure, Network, Outcome};

/// Asks after a second, and waits for another.
const KEEPALIVE: Duration = Duration::from_secs(1);
/// Between two events: no event and no fault in the same instant.
const MID_STREAM: Duration = Duration::from_millis(70);

/// How many events are read of the stream that was open before the GOAWAY.
const STILL_READ: usize = 10;

type Client = EventServiceClient<Channel>;

// ANCHOR: causes
/// One cause after the other, each on a connection of its own.
pub async fn by_cause(network: Network) -> Outcome {
    let lab = lab(&network)?;
    let link = lab.link("client", "server");

    let events = follow(&network, "server").await?;
    link.cut();
    told("the connection breaks", events.await);

    let events = follow(&network, "server").await?;
    lab.crash("server");
    told("the server crashes", events.await);
    let lazy = network.endpoint("server")?;
    let lazy = lazy.connect_with_connector_lazy(network.connector());
    told("nothing listens there", one_call(lazy).await);
    lab.restart("server").map_err(other)?;

    let events = follow(&network, "closing").await?;
    told("the server says that it goes", events.await);

    let events = follow(&network, "server").await?;
    link.partition();
    told("packets vanish, in a stream", events.await);
    link.repair();
    let channel = connected(&network, "server").await?;
    link.partition();
    told("packets vanish, unanswered", one_call(channel).await);
    link.repair();

    let channel = connected(&network, "server").await?;
    told("from 0, which is no position", read_from(channel, 0).await);
    let channel = connected(&network, "growing").await?;
    told("from 1, which is not kept", read_from(channel, 1).await);
    Ok(())
}
// ANCHOR_END: causes

// ANCHOR: goaway
/// A server that goes away while a stream is open, and another that takes its address.
pub async fn goaway(network: Network) -> Outcome {
    let lab = lab(&network)?;
    let mut client = Client::new(network.channel().await?);
    let mut events = client.follow(FollowRequest { from: 1 }).await?.into_inner();
    sleep(MID_STREAM).await;

    // The old server does not end before its last call has.
    let drain = std::pin::pin!(lab.drain("server"));
    let calls = std::pin::pin!(async {
        sleep(MID_STREAM).await;
        lab.restart("server").map_err(other)?;
        for number in 1..=3 {
            let call = client.get_snapshot(GetSnapshotRequest {}).await;
            log_call(number, &call.map(|_| ()));
        }
        for _ in 0..STILL_READ {
            if let Some(event) = events.message().await? {
                info!(
                    got = event.number,
                    "the stream goes on: event {}", event.number
                );
            }
        }
        drop(events);
        Ok::<_, Failure>(())
    });
    match select(drain, calls).await {
        Either::Left(((), calls)) => calls.await,
        Either::Right((done, drain)) => {
            drain.await;
            info!(step = "drained", "the old server has ended");
            done
        }
    }
}
// ANCHOR_END: goaway

fn log_call(number: u64, call: &Result<(), Status>) {
    let (code, text) = match call {
        Ok(()) => (Code::Ok, String::new()),
        Err(status) => (status.code(), format!(" {:?}", status.message())),
    };
    info!(call = number, ?code, "call {number}: {code:?}{text}");
}

/// Reads until the error that a fault causes. Answered when this returns.
async fn follow(
    network: &Network,
    server: &str,
) -> Result<impl Future<Output = Result<(), Status>> + use<>, Failure> {
    let mut client = Client::new(connected(network, server).await?);
    let mut events = client.follow(FollowRequest { from: 1 }).await?.into_inner();
    sleep(MID_STREAM).await;
    Ok(async move { read(&mut events).await })
}

async fn read(events: &mut tonic::Streaming<Event>) -> Result<(), Status> {
    while events.message().await?.is_some() {}
    Ok(())
}

async fn read_from(channel: Channel, from: u64) -> Result<(), Status> {
    let mut client = Client::new(channel);
    let mut events = client.follow(FollowRequest { from }).await?.into_inner();
    read(&mut events).await
}

async fn one_call(channel: Channel) -> Result<(), Status> {
    let mut client = Client::new(channel);
    client.get_snapshot(GetSnapshotRequest {}).await.map(drop)
}

async fn connected(network: &Network, server: &str) -> Result<Channel, Failure> {
    let channel = network.channel_to(server, |endpoint| {
        endpoint
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE)
            // Asks also while no call is open.
            .keep_alive_while_idle(true)
    });
    channel.await
}

fn told(cause: &str, end: Result<(), Status>) {
    let code = end.map_or_else(|status| status.code(), |()| Code::Ok);
    info!(cause, ?code, "{cause}: {code:?}");
}

fn lab(network: &Network) -> Result<&Lab, Failure> {
    let no_lab = || Failure::Other("only the lab can break a connection".to_owned());
    network.in_lab().ok_or_else(no_lab)
}

fn other(error: std::io::Error) -> Failure {
    Failure::Other(error.to_string())
}
