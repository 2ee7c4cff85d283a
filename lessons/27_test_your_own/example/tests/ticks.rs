//! The service's promises, each kept in virtual time.

use std::error::Error;
use std::time::Duration;

use streaming_lab::lab::{Lab, SILENCE};
use ticks_example::proto::tick_service_client::TickServiceClient;
use ticks_example::proto::tick_service_server::TickServiceServer;
use ticks_example::proto::{WatchRequest, WatchResponse};
use ticks_example::{HEARTBEAT, Ticks};
use tokio::sync::broadcast;
use tokio::time::Instant;
use tonic::transport::{Channel, Server};
use tonic::{Code, Streaming};

type TestResult = Result<(), Box<dyn Error>>;

const HOUR: Duration = Duration::from_secs(60 * 60);
/// No time passes while tasks have work, so any wait is long enough for what can happen at once.
const AN_INSTANT: Duration = Duration::from_millis(5);
/// How often a server asks whether its client is there, and how long it waits for the answer.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// Serves ticks in the lab, and returns their source and a client.
async fn served(
    lab: &Lab,
) -> Result<(broadcast::Sender<u64>, TickServiceClient<Channel>), Box<dyn Error>> {
    let (source, _) = broadcast::channel(16);
    let ticks = TickServiceServer::new(Ticks::new(source.clone(), HOUR));
    let server = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE))
        .layer(lab.meter().layer())
        .add_service(ticks);
    lab.serve(server);
    let client = TickServiceClient::new(lab.channel().await?);
    Ok((source, client))
}

async fn watch(
    client: &mut TickServiceClient<Channel>,
) -> Result<Streaming<WatchResponse>, Box<dyn Error>> {
    Ok(client.watch(WatchRequest {}).await?.into_inner())
}

// ANCHOR: heartbeat
#[test]
fn a_heartbeat_comes_every_ten_seconds() -> TestResult {
    Lab::new().run(async |lab| {
        let (_source, mut client) = served(&lab).await?;
        let mut ticks = watch(&mut client).await?;
        let began = Instant::now();
        for _ in 0..6 {
            let beat = ticks.message().await?.ok_or("the stream has ended")?;
            assert_eq!(beat.number, None);
        }
        assert_eq!(began.elapsed().as_secs(), 6 * HEARTBEAT.as_secs());
        Ok(())
    })
}
// ANCHOR_END: heartbeat

#[test]
fn a_stream_ends_after_an_hour() -> TestResult {
    Lab::new().run(async |lab| {
        let (_source, mut client) = served(&lab).await?;
        let mut ticks = watch(&mut client).await?;
        let began = Instant::now();
        let end = loop {
            match ticks.message().await {
                Ok(Some(_)) => {}
                Ok(None) => return Err("it ended with OK".into()),
                Err(status) => break status,
            }
        };
        assert_eq!(end.code(), Code::DeadlineExceeded);
        assert!(began.elapsed() < HOUR + AN_INSTANT);
        Ok(())
    })
}

#[test]
fn a_tick_is_not_held_back() -> TestResult {
    Lab::new().run(async |lab| {
        let (source, mut client) = served(&lab).await?;
        let mut ticks = watch(&mut client).await?;
        let began = Instant::now();
        source.send(1)?;
        // If none came, this would fail after an hour of virtual time, and say which call waits.
        let tick = lab.until_silent(SILENCE, ticks.message()).await??;
        assert_eq!(tick.and_then(|tick| tick.number), Some(1));
        assert!(began.elapsed() < AN_INSTANT);
        Ok(())
    })
}

/// How a client goes away.
#[derive(Debug, Clone, Copy)]
enum Gone {
    Drops,
    IsCut,
    Vanishes,
}

// ANCHOR: gone
#[test]
fn nothing_is_left_however_a_client_goes_and_whenever() -> TestResult {
    for gone in [Gone::Drops, Gone::IsCut, Gone::Vanishes] {
        for ticks_before in 0..3 {
            Lab::new().run(async |lab| {
                let (source, mut client) = served(&lab).await?;
                let mut ticks = watch(&mut client).await?;
                for number in 0..ticks_before {
                    source.send(number)?;
                    ticks.message().await?.ok_or("the stream has ended")?;
                }
                let limit = match gone {
                    Gone::Drops => {
                        drop(ticks);
                        AN_INSTANT
                    }
                    Gone::IsCut => {
                        lab.cut();
                        AN_INSTANT
                    }
                    Gone::Vanishes => {
                        lab.partition();
                        2 * KEEPALIVE + AN_INSTANT
                    }
                };
                lab.sleep(limit).await;
                let alive = lab.meter().census();
                assert_eq!(alive.streams, 0, "{gone:?} after {ticks_before} ticks");
                assert_eq!(source.receiver_count(), 0, "{gone:?}: {ticks_before}");
                Ok::<_, Box<dyn Error>>(())
            })?;
        }
    }
    Ok(())
}
// ANCHOR_END: gone
