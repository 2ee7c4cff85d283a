//! SIGKILL for nats-server and the listener's server at once, as when the machine under both is gone, while a
//! member speaks at the other server.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use workbook::proto::forum::SayRequest;

use super::kills::{Counted, moves};
use super::processes::{Done, Nats, Server};

/// How many messages are said, and how often.
const SAID: u64 = 300;
const EVERY: Duration = Duration::from_millis(5);
/// When the broker is killed, and for how long it is gone.
const OUTAGE: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(500));
/// How much later than the broker the listener's server is back: more than async-nats takes to connect again.
const LISTENS_LATER: Duration = Duration::from_millis(1500);
/// How long a message may take until it is kept.
const ENDS: Duration = Duration::from_secs(60);

/// A message that was not answered with OK is said again, with its id.
pub async fn play(nats: &mut Nats, core: bool) -> Done<Counted> {
    let kind = if core { "core" } else { "log" };
    let mut a = Server::start(nats, &format!("{kind}-a")).await?;
    let b = Server::start(nats, &format!("{kind}-b")).await?;
    let room = format!("outage_{kind}");
    let listened = room.clone();
    let servers = vec![("a".to_owned(), a.client()?)];
    let listener = tokio::spawn(async move { moves(servers, &listened).await });
    sleep(EVERY * 20).await;
    let mut client = b.client()?;
    let speaks = async {
        for number in 1..=SAID {
            let request = SayRequest {
                room: room.clone(),
                id: number.to_string(),
                text: number.to_string(),
            };
            while client.say(request.clone()).await.is_err() {
                sleep(EVERY).await;
            }
            sleep(EVERY).await;
        }
        Done::Ok(())
    };
    let breaks = async {
        sleep(OUTAGE.0).await;
        a.is_gone().await?;
        nats.is_gone_for(OUTAGE.1).await?;
        // By now the speaker's server has a connection again, and has sent what it has said OK to.
        sleep(LISTENS_LATER).await;
        a.is_back().await
    };
    tokio::try_join!(speaks, breaks)?;
    let said = SAID + 1;
    let ends = async {
        loop {
            let request = SayRequest {
                room: room.clone(),
                id: said.to_string(),
                text: format!("{said} end"),
            };
            // Said again until the listener has ended: in core NATS it may be lost as well.
            let _ = client.say(request).await;
            sleep(EVERY * 20).await;
        }
    };
    let received = tokio::select! {
        biased;
        received = timeout(ENDS, listener) => received???,
        () = ends => return Err("the end was never heard".into()),
    };
    let (lost, twice) = (received.lost(said), received.twice());
    Ok(Counted { said, lost, twice })
}
