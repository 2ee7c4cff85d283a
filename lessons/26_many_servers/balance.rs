//! tonic's own balancing, over TCP: its channel makes its connections itself, so that it cannot be played in the
//! lab. `lesson26 balance` runs it.

use std::net::TcpListener as Port;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::channel::Change;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Status, Streaming};
use workbook::Failure;
use workbook::proto::forum::forum_service_client::ForumServiceClient;
use workbook::proto::forum::forum_service_server::ForumServiceServer;
use workbook::proto::forum::{GetHistoryRequest, Heard, ListenRequest, SayRequest};

use super::in_process::InProcess;
use super::service::Service;

const ROOM: &str = "lobby";
/// Streams that are opened at once.
pub const STREAMS: usize = 20;
/// Calls that are made one after the other.
pub const CALLS: usize = 100;
/// How many changes of the list may wait until the channel takes them.
const CHANGES: usize = 8;
/// How long a message may take on this machine.
const ARRIVES: Duration = Duration::from_secs(10);

/// What was counted.
#[derive(Debug)]
pub struct Balanced {
    /// The streams that were opened at the first server and are at the second one, after it came.
    pub moved: usize,
    /// The streams at the second server, of those that were opened after it came.
    pub new: usize,
    /// The calls that fail while an address at which nothing listens is in the list …
    pub failed: usize,
    /// … and when it has been taken out.
    pub failed_later: usize,
}

type Client = ForumServiceClient<Channel>;

/// Plays it. The servers end with the future.
pub async fn play() -> Result<Balanced, Failure> {
    let mut servers = JoinSet::new();
    let a = serves(&mut servers, "a").await?;
    let b = serves(&mut servers, "b").await?;
    // Nothing listens there any more.
    let dead = endpoint(Port::bind("127.0.0.1:0").and_then(|port| port.local_addr()))?;

    // ANCHOR: balance
    let (channel, list) = Channel::balance_channel::<&str>(CHANGES);
    let mut client = ForumServiceClient::new(channel);
    change(&list, Change::Insert("a", a.clone())).await?;
    let early = streams(&mut client).await?;
    change(&list, Change::Insert("b", b.clone())).await?;
    let late = streams(&mut client).await?;
    // ANCHOR_END: balance
    for endpoint in [a, b] {
        let request = SayRequest {
            room: ROOM.to_owned(),
            id: String::new(),
            text: "where are you?".to_owned(),
        };
        Client::connect(endpoint).await?.say(request).await?;
    }
    let (moved, new) = (at_b(early).await?, at_b(late).await?);
    change(&list, Change::Insert("dead", dead)).await?;
    let failed = failures(&mut client).await;
    change(&list, Change::Remove("dead")).await?;
    let failed_later = failures(&mut client).await;
    Ok(Balanced {
        moved,
        new,
        failed,
        failed_later,
    })
}

type List = tokio::sync::mpsc::Sender<Change<&'static str, Endpoint>>;

async fn change(list: &List, change: Change<&'static str, Endpoint>) -> Result<(), Failure> {
    let gone = |_| Failure::Other("the channel is gone".to_owned());
    list.send(change).await.map_err(gone)
}

async fn serves(servers: &mut JoinSet<()>, name: &str) -> Result<Endpoint, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.map_err(|error| Failure::Other(error.to_string()))?;
    let endpoint = endpoint(listener.local_addr())?;
    let service = ForumServiceServer::new(Service::new(name, InProcess::default()));
    let serving = Server::builder()
        .add_service(service)
        .serve_with_incoming(TcpListenerStream::new(listener));
    servers.spawn(async {
        // It ends when the set is dropped.
        let _ = serving.await;
    });
    Ok(endpoint)
}

fn endpoint(addr: std::io::Result<std::net::SocketAddr>) -> Result<Endpoint, Failure> {
    let addr = addr.map_err(|error| Failure::Other(error.to_string()))?;
    Ok(Endpoint::from_shared(format!("http://{addr}"))?)
}

async fn streams(client: &mut Client) -> Result<Vec<Streaming<Heard>>, Status> {
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let (room, after) = (ROOM.to_owned(), Some(0));
        let answer = client.listen(ListenRequest { room, after }).await?;
        streams.push(answer.into_inner());
    }
    Ok(streams)
}

/// How many of the streams hear their next message from b.
async fn at_b(streams: Vec<Streaming<Heard>>) -> Result<usize, Failure> {
    let mut at_b = 0;
    for mut stream in streams {
        let heard = timeout(ARRIVES, stream.message()).await;
        let heard = heard.map_err(|_| Failure::Other("a message has not arrived".to_owned()))?;
        at_b += usize::from(heard?.is_some_and(|heard| heard.server == "b"));
    }
    Ok(at_b)
}

/// How many of the calls fail.
async fn failures(client: &mut Client) -> usize {
    let mut failed = 0;
    for _ in 0..CALLS {
        let (room, after) = (ROOM.to_owned(), 0);
        let answer = client.get_history(GetHistoryRequest { room, after }).await;
        failed += usize::from(answer.is_err());
    }
    failed
}
