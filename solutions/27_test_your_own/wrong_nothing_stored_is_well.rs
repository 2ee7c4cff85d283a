//! Wrong: never looks whether a whole upload is stored.

use std::time::Duration;

use futures::stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Request, Streaming};
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::promise::{Promise, TestResult, Tests};
use super::servers::UnderTest;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// The window of a client that does not read: a few points of [`LARGE`] bytes, and not two thousand.
const WINDOW: u32 = 16 * 1024;
const LARGE: usize = 1024;

/// A test for each promise.
pub fn tests() -> Tests {
    Tests::new()
        .test(Promise::Stored, stored)
        .test(Promise::Broken, broken)
        .test(Promise::Freed, freed)
        .test(Promise::Bounded, bounded)
        .test(Promise::Answered, answered)
        .test(Promise::Deadline, deadline)
        .test(Promise::Neighbours, neighbours)
        .test(Promise::Vanished, vanished)
}

/// What the calls send.
fn point(name: &str, value: i32) -> StreamRequest {
    let name = name.to_owned();
    StreamRequest {
        pt: Some(StreamPoint { name, value }),
    }
}

type Client = StreamServiceClient<Channel>;

async fn client(lab: &Lab) -> Result<Client, tonic::transport::Error> {
    Ok(StreamServiceClient::new(lab.channel().await?))
}

/// A client on a connection of its own, with room for a few large points.
async fn narrow(lab: &Lab) -> Result<Client, tonic::transport::Error> {
    let configure =
        |endpoint: tonic::transport::Endpoint| endpoint.initial_stream_window_size(WINDOW);
    Ok(StreamServiceClient::new(lab.channel_with(configure).await?))
}

/// Points without an end, and the first of them.
async fn endless(client: &mut Client) -> Result<Streaming<StreamResponse>, tonic::Status> {
    let mut points = client.list(point("endless", 0)).await?.into_inner();
    points.message().await?;
    Ok(points)
}

/// How an upload ends before its last message.
enum Ends {
    HalfClosed,
    Dropped,
    Cut,
}

async fn stored(lab: Lab, server: UnderTest) -> TestResult {
    let station = server.serve(&lab);
    let upload = [point("one", 1), point("two", 2), point("end", 2)];
    client(&lab).await?.record(stream::iter(upload)).await?;
    let before = station.stored();
    for ends in [Ends::HalfClosed, Ends::Dropped, Ends::Cut] {
        let mut client = client(&lab).await?;
        let (sender, points) = mpsc::channel(1);
        let call = tokio::spawn(async move { client.record(ReceiverStream::new(points)).await });
        sender.send(point("one", 1)).await?;
        lab.sleep(SECOND).await;
        match ends {
            Ends::HalfClosed => drop(sender),
            Ends::Dropped => call.abort(),
            Ends::Cut => lab.cut(),
        }
        // How the call ends for the client is not what was promised.
        lab.sleep(SECOND).await;
        if station.stored() != before {
            Err("a part of an upload was stored")?;
        }
    }
    Ok(())
}

async fn broken(lab: Lab, server: UnderTest) -> TestResult {
    server.serve(&lab);
    let mut points = client(&lab)
        .await?
        .list(point("three", -3))
        .await?
        .into_inner();
    for _ in 0..3 {
        points.message().await?.ok_or("a point is missing")?;
    }
    match points.message().await {
        Err(status) if status.code() == Code::DataLoss => Ok(()),
        other => Err(format!("the source broke, and the client reads {other:?}"))?,
    }
}

async fn freed(lab: Lab, server: UnderTest) -> TestResult {
    let station = server.serve(&lab);
    let mut client = client(&lab).await?;
    // The first call starts the connection's own tasks.
    drop(endless(&mut client).await?);
    lab.sleep(SECOND).await;
    let before = lab.meter().census();
    let points = endless(&mut client).await?;
    drop(points);
    lab.sleep(SECOND).await;
    let left = lab.meter().census().since(before);
    let made = station.made();
    lab.sleep(SECOND).await;
    if left != Default::default() || station.made() > made {
        Err(format!("a second after the client: {left}"))?;
    }
    Ok(())
}

async fn bounded(lab: Lab, server: UnderTest) -> TestResult {
    let station = server.serve(&lab);
    let name = "x".repeat(LARGE);
    let _unread = narrow(&lab).await?.list(point(&name, 0)).await?;
    lab.sleep(MINUTE).await;
    let fits = usize::try_from(WINDOW)? / LARGE;
    if station.made() > fits + 32 {
        Err(format!(
            "{} points were made for a client that does not read",
            station.made()
        ))?;
    }
    Ok(())
}

async fn answered(lab: Lab, server: UnderTest) -> TestResult {
    server.serve(&lab);
    let (sender, points) = mpsc::channel(1);
    let answers = client(&lab)
        .await?
        .route(ReceiverStream::new(points))
        .await?;
    let mut answers = answers.into_inner();
    for value in 1..=3 {
        sender.send(point("one", value)).await?;
        let answer = timeout(SECOND, answers.message());
        let answer = answer.await.map_err(|_| "no answer within a second")??;
        let answer = answer.and_then(|answer| answer.pt).map(|pt| pt.value);
        if answer != Some(value) {
            Err(format!("{answer:?} is the answer to {value}"))?;
        }
    }
    Ok(())
}

async fn deadline(lab: Lab, server: UnderTest) -> TestResult {
    server.serve(&lab);
    let mut request = Request::new(point("endless", 0));
    request.set_timeout(10 * SECOND);
    let mut points = client(&lab).await?.list(request).await?.into_inner();
    let read = async {
        loop {
            match points.message().await {
                Ok(Some(_)) => {}
                Ok(None) => return Code::Ok,
                Err(status) => return status.code(),
            }
        }
    };
    let began = Instant::now();
    match timeout(11 * SECOND, read).await {
        Ok(Code::DeadlineExceeded) if began.elapsed() > 9 * SECOND => Ok(()),
        other => Err(format!("after {:?}: {other:?}", began.elapsed()))?,
    }
}

async fn neighbours(lab: Lab, server: UnderTest) -> TestResult {
    server.serve(&lab);
    let _unread = narrow(&lab).await?.list(point("uploads", 0)).await?;
    let mut client = client(&lab).await?;
    let mut fast = client.list(point("uploads", 0)).await?.into_inner();
    let large = point(&"x".repeat(LARGE), 1);
    let upload = std::iter::repeat_n(large, 100).chain([point("end", 100)]);
    let uploading = client.record(stream::iter(upload.collect::<Vec<_>>()));
    let reading = async {
        for _ in 0..100 {
            fast.message().await?.ok_or("the subscription has ended")?;
        }
        TestResult::Ok(())
    };
    let both = timeout(SECOND, futures::future::join(uploading, reading));
    let (uploaded, read) = both.await.map_err(|_| "a second was too short")?;
    uploaded?;
    read
}

async fn vanished(lab: Lab, server: UnderTest) -> TestResult {
    server.serve(&lab);
    let _points = endless(&mut client(&lab).await?).await?;
    lab.partition();
    lab.sleep(MINUTE).await;
    match lab.meter().census().streams {
        0 => Ok(()),
        streams => Err(format!("a minute later: {streams} response stream"))?,
    }
}
