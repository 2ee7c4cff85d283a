//! SIGKILL for the server at which a member listens, again and again, while a speaker goes on.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tonic::transport::Channel;
use workbook::proto::forum::forum_service_client::ForumServiceClient;

use super::broken::{self, Position, any, from_last, from_now_on};
use super::core::Core;
use super::hub::Hub;
use super::jetstream::JetStream;
use super::jitter::Jitter;
use super::member::Member;
use super::processes::{Done, Nats, Server};
use super::received::Received;
use super::rooms::Rooms;

/// Between two messages.
const EVERY: Duration = Duration::from_millis(2);
/// Between two kills.
const LIVES: Duration = Duration::from_millis(80);
/// How long both are gone: several messages are said meanwhile.
const GONE: Duration = Duration::from_millis(40);
/// How long everything may take behind the last kill.
const ENDS: Duration = Duration::from_secs(30);
/// The text of the last message, behind its number.
const END: &str = "end";

/// How the member resumes.
#[derive(Clone, Copy)]
pub enum Resumes {
    FromNowOn,
    FromLast,
    BehindLast,
}

/// What was said, lost, and heard twice.
pub struct Counted {
    pub said: u64,
    pub lost: u64,
    pub twice: usize,
}

type Servers = Vec<(String, ForumServiceClient<Channel>)>;

/// Plays so many kills. The speaker speaks to the broker, so that only the listener is hit.
pub async fn play(nats: &Nats, core: bool, resumes: Resumes, kills: usize) -> Done<Counted> {
    let kind = if core { "core" } else { "log" };
    let mut servers = [
        Server::start(nats, &format!("{kind}-a")).await?,
        Server::start(nats, &format!("{kind}-b")).await?,
    ];
    let room = format!("{kind}_{}", resumes as u8);
    let url = nats.url();
    let speaker: Box<dyn Rooms> = match core {
        true => Box::new(Core::connect(&url).await?),
        false => Box::new(Hub::new(JetStream::connect(&url).await?)),
    };
    let known = servers
        .iter()
        .map(|server| Ok((server.port.to_string(), server.client()?)))
        .collect::<Done<Servers>>()?;
    let listener = listens(known, room.clone(), resumes);
    // The first message is for a member that listens.
    sleep(LIVES).await;
    let speaks = async {
        let (mut said, mut left) = (0, Some(()));
        let stop = tokio::sync::Notify::new();
        let killer = async {
            for kill in 0..kills {
                sleep(LIVES).await;
                let [a, b] = &mut servers;
                match kill % 3 {
                    0 => a.is_killed().await?,
                    1 => b.is_killed().await?,
                    // Both, so that something is said while no server is up.
                    _ => {
                        tokio::try_join!(a.is_gone(), b.is_gone())?;
                        sleep(GONE).await;
                        tokio::try_join!(a.is_back(), b.is_back())?;
                    }
                }
            }
            sleep(LIVES * 4).await;
            stop.notify_one();
            Done::Ok(())
        };
        let speaker = async {
            while left.is_some() {
                said += 1;
                tokio::select! {
                    biased;
                    () = stop.notified() => left = None,
                    () = sleep(EVERY) => {}
                }
                let text = if left.is_none() {
                    format!("{said} {END}")
                } else {
                    format!("{said} go on")
                };
                speaker.say(&room, "", &text).await?;
            }
            Done::Ok(said)
        };
        let ((), said) = tokio::try_join!(killer, speaker)?;
        Done::Ok(said)
    };
    let said = speaks.await?;
    let received = timeout(ENDS, listener).await???;
    let (lost, twice) = (received.lost(said), received.twice());
    Ok(Counted { said, lost, twice })
}

type Listener = JoinHandle<Result<Received, tonic::Status>>;

fn listens(mut servers: Servers, room: String, resumes: Resumes) -> Listener {
    tokio::spawn(async move {
        let position: Position = match resumes {
            Resumes::FromNowOn => from_now_on,
            Resumes::FromLast => from_last,
            Resumes::BehindLast => return moves(servers, &room).await,
        };
        broken::follow(&mut servers, &room, END, (position, any)).await
    })
}

/// Until the last message.
pub async fn moves(servers: Servers, room: &str) -> Result<Received, tonic::Status> {
    let mut received = Received::default();
    let mut member = Member::new(servers, 0, room, 0, Jitter::new(26));
    while let Some(heard) = member.next().await? {
        received.add(&heard);
        if heard.text.ends_with(END) {
            break;
        }
    }
    Ok(received)
}
