//! The members and speakers of the scenes.

use std::time::Duration;

use futures::future::try_join_all;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tracing::info;
use workbook::proto::broker::PublishRequest;
use workbook::proto::broker::broker_service_client::BrokerServiceClient;
use workbook::proto::forum::forum_service_client::ForumServiceClient;
use workbook::proto::forum::{ListenRequest, SayRequest};
use workbook::{Failure, Network, Outcome};

use super::broken::{self, Position, Worth};
use super::jitter::Jitter;
use super::lab_broker::BROKER;
use super::member::Member;
use super::received::Received;

const ROOM: &str = "lobby";
/// How many messages a speaker says, one every 40 ms.
const SAID: u64 = 100;
const EVERY: Duration = Duration::from_millis(40);
/// How long a member waits for more before it believes that there is none.
const QUIET: Duration = Duration::from_secs(1);
/// The seed of the scenes: the same pauses in every run.
const SEED: u64 = 26;

pub async fn at(network: &Network, server: &str) -> Result<ForumServiceClient<Channel>, Failure> {
    // It connects when it is used, and connects again by itself.
    let endpoint = network.endpoint(server)?;
    let channel = endpoint.connect_with_connector_lazy(network.connector());
    Ok(ForumServiceClient::new(channel))
}

async fn servers(network: &Network) -> Result<Vec<(String, ForumServiceClient<Channel>)>, Failure> {
    let mut servers = Vec::new();
    for server in ["a", "b"] {
        servers.push((server.to_owned(), at(network, server).await?));
    }
    Ok(servers)
}

fn words(id: &str, text: &str) -> SayRequest {
    SayRequest {
        room: ROOM.to_owned(),
        id: id.to_owned(),
        text: text.to_owned(),
    }
}

// ANCHOR: talks
/// Listens at one server, says something there, and logs what comes.
pub async fn talks(network: Network, server: &'static str, after: Duration) -> Outcome {
    let mut client = at(&network, server).await?;
    let everything = ListenRequest {
        room: ROOM.to_owned(),
        after: Some(0),
    };
    let mut messages = client.listen(everything).await?.into_inner();
    network.sleep(after).await;
    let name = network.host().to_string();
    let said = client.say(words(&name, &format!("hi from {name}"))).await?;
    let sequence = said.into_inner().sequence;
    info!(said = sequence, "says hi at {server}: message {sequence}");
    while let Ok(heard) = timeout(QUIET, messages.message()).await {
        let Some(heard) = heard? else { break };
        let (sequence, text) = (heard.sequence, heard.text);
        info!(sequence, "hears {sequence}: {text}");
    }
    Ok(())
}
// ANCHOR_END: talks

/// Listens at one server, and resumes at another whose rooms are its own.
pub async fn moves_between_worlds(network: Network) -> Outcome {
    let (mut a, mut b) = (at(&network, "a").await?, at(&network, "b").await?);
    for number in 1..=3 {
        a.say(words("", &format!("at a, {number}"))).await?;
    }
    for number in 1..=5 {
        b.say(words("", &format!("at b, {number}"))).await?;
    }
    for (server, client, after) in [("a", &mut a, 0), ("b", &mut b, 3)] {
        info!(after, "listens at {server} after {after}");
        let request = ListenRequest {
            room: ROOM.to_owned(),
            after: Some(after),
        };
        let mut messages = client.listen(request).await?.into_inner();
        while let Ok(heard) = timeout(QUIET, messages.message()).await {
            let Some(heard) = heard? else { break };
            let (sequence, text) = (heard.sequence, heard.text);
            info!(sequence, "hears {sequence}: {text}");
        }
    }
    Ok(())
}

/// Says one message every 40 ms, straight to the broker.
pub async fn publishes(network: Network) -> Outcome {
    let channel = network.channel_to(BROKER, |endpoint| endpoint).await?;
    let mut broker = BrokerServiceClient::new(channel);
    let began = Instant::now();
    for (number, at) in (1..=SAID).zip(1..) {
        sleep_until(began + EVERY * at).await;
        let SayRequest { room, id, text } = words(&number.to_string(), &number.to_string());
        broker.publish(PublishRequest { room, id, text }).await?;
    }
    Ok(())
}

/// A member that resumes in its own way.
pub async fn resumes(network: Network, policy: (Position, Worth)) -> Outcome {
    let mut servers = servers(&network).await?;
    let received = broken::follow(&mut servers, ROOM, &SAID.to_string(), policy).await?;
    received.log(SAID);
    Ok(())
}

// ANCHOR: member
/// A member that moves.
pub async fn moves(network: Network) -> Outcome {
    let mut received = Received::default();
    let mut member = Member::new(servers(&network).await?, 0, ROOM, 0, Jitter::new(SEED));
    while let Some(heard) = member.next().await? {
        received.add(&heard);
        if heard.text == SAID.to_string() {
            break;
        }
    }
    received.log(SAID);
    Ok(())
}
// ANCHOR_END: member

// ANCHOR: says
/// Says one message every 40 ms at a server. A message that was not answered with OK is said again, with the
/// same id.
pub async fn says(network: Network) -> Outcome {
    let mut b = at(&network, "b").await?;
    let (mut ok, mut failed) = (0, 0);
    for number in 1..=SAID {
        let number = number.to_string();
        sleep(EVERY).await;
        while let Err(status) = b.say(words(&number, &number)).await {
            if failed == 0 {
                info!(code = ?status.code(), "{:?} for message {number}: says it again", status.code());
            }
            failed += 1;
            sleep(EVERY).await;
        }
        ok += 1;
    }
    info!(ok, failed, "{ok} OK, {failed} failed and said again");
    Ok(())
}
// ANCHOR_END: says

/// Says one message, and says it again at the other server when the answer does not come.
pub async fn says_again(network: Network, id: &'static str) -> Outcome {
    let (mut a, mut b) = (at(&network, "a").await?, at(&network, "b").await?);
    let said = a.say(words(id, "hi")).await;
    let code = said.err().map_or(Code::Ok, |status| status.code());
    info!(?code, "{code:?} at a: says it again at b");
    let sequence = b.say(words(id, "hi")).await?.into_inner().sequence;
    info!(sequence, "OK: message {sequence}");
    Ok(())
}

/// How a listener that comes while messages are said gets all of them.
pub type Comes = fn(ForumServiceClient<Channel>) -> Coming;
pub type Coming = futures::future::BoxFuture<'static, Result<Received, Status>>;

/// The last message.
pub const LAST: &str = "100";

/// Twenty listeners that come one after the other.
pub async fn come(network: Network, comes: Comes) -> Outcome {
    let client = at(&network, "a").await?;
    let listeners = (0..20_u32).map(|listener| {
        let comes = comes(client.clone());
        async move {
            // Between two messages.
            sleep(Duration::from_millis(103) * listener).await;
            comes.await
        }
    });
    let received = try_join_all(listeners).await?;
    let lost: u64 = received.iter().map(|received| received.lost(SAID)).sum();
    let twice: usize = received.iter().map(Received::twice).sum();
    info!(lost, twice, "20 listeners: {lost} lost, {twice} twice");
    Ok(())
}

// ANCHOR: cursor
/// Everything behind position 0, in one call.
pub async fn listen_behind(
    mut client: ForumServiceClient<Channel>,
    room: String,
    last: &str,
) -> Result<Received, Status> {
    let mut received = Received::default();
    let after = Some(0);
    let messages = client.listen(ListenRequest { room, after }).await?;
    received.hear(messages.into_inner(), last).await?;
    Ok(received)
}
// ANCHOR_END: cursor

/// The room of the scenes.
pub fn lobby() -> String {
    ROOM.to_owned()
}

/// Eight members, and a message after ten minutes, which says where each of them is.
pub async fn eight(network: Network) -> Outcome {
    let members = (0..8).map(|seed| {
        let network = network.clone();
        async move {
            let jitter = Jitter::new(seed);
            let mut member = Member::new(servers(&network).await?, 0, ROOM, 0, jitter);
            let heard = member.next().await?;
            Ok::<_, Failure>(heard.map(|heard| heard.server).unwrap_or_default())
        }
    });
    let at = try_join_all(members).await?;
    let a = at.iter().filter(|server| *server == "a").count();
    let b = at.len() - a;
    info!(a, b, "{a} members are at a, {b} at b");
    Ok(())
}

/// Says one message after ten minutes.
pub async fn says_late(network: Network) -> Outcome {
    network.sleep(Duration::from_secs(600)).await;
    at(&network, "a")
        .await?
        .say(words("", "where are you?"))
        .await?;
    Ok(())
}

/// For any server: says something, and hears it.
pub async fn whole(network: Network) -> Outcome {
    let mut client = ForumServiceClient::new(network.channel().await?);
    let said = client.say(words("", "hi")).await?.into_inner().sequence;
    info!(said, "says hi: message {said}");
    let after = Some(said.saturating_sub(1));
    let room = ROOM.to_owned();
    let mut messages = client
        .listen(ListenRequest { room, after })
        .await?
        .into_inner();
    if let Some(heard) = messages.message().await? {
        let (sequence, text) = (heard.sequence, heard.text);
        info!(sequence, "hears {sequence}: {text}");
    }
    Ok(())
}
