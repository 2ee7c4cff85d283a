//! A thousand members.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::rooms::FromRoom;
use workbook::proto::rooms::from_room::Kind;
use workbook::{Network, Outcome};

use super::raw::{self, Says};

/// How many connections, and how many members on each.
const CONNECTIONS: usize = 10;
const MEMBERS: usize = 100;
/// What one of them says, one message a second.
const MESSAGES: u64 = 4;
/// Every tenth member takes so long for each message.
const SLOW: Duration = Duration::from_secs(3);

/// What all members got, summed up.
#[derive(Default)]
struct Got {
    messages: u64,
    missing: u64,
    repeated: u64,
}

/// A thousand members join, one of them talks, all read.
pub async fn thousand(network: Network) -> Outcome {
    let mut joins = Vec::new();
    for connection in 0..CONNECTIONS {
        let channel = network.channel().await?;
        joins.extend((0..MEMBERS).map(|member| {
            let name = format!("m{:04}", connection * MEMBERS + member);
            let channel = channel.clone();
            async move { raw::join(channel, &name, None).await }
        }));
    }
    let joined: Result<Vec<_>, Status> = join_all(joins).await.into_iter().collect();
    let (mut says, rooms): (Vec<Says>, Vec<Streaming<FromRoom>>) = joined?.into_iter().unzip();
    info!(members = rooms.len(), "{} members have joined", rooms.len());
    let talks = async {
        for number in 1..=MESSAGES {
            sleep(Duration::from_secs(1)).await;
            if let Some(first) = says.first() {
                first.say(number.to_string()).await;
            }
        }
        sleep(Duration::from_secs(1)).await;
        says.clear();
    };
    let reads = rooms.into_iter().enumerate().map(|(number, room)| {
        let pause = if number % 10 == 9 {
            SLOW
        } else {
            Duration::ZERO
        };
        reads(room, pause)
    });
    let (_, got) = futures::join!(talks, join_all(reads));
    let mut all = Got::default();
    for got in got {
        let got = got?;
        all.messages += got.messages;
        all.missing += got.missing;
        all.repeated += got.repeated;
    }
    let Got {
        messages,
        missing,
        repeated,
    } = all;
    info!(
        messages,
        missing,
        repeated,
        "they have got {messages} messages; missing: {missing}, repeated: {repeated}"
    );
    Ok(())
}

async fn reads(mut room: Streaming<FromRoom>, pause: Duration) -> Result<Got, Status> {
    let mut got = Got::default();
    let mut next = 1;
    while let Some(event) = room.message().await? {
        if let Some(Kind::Said(said)) = event.kind {
            got.messages += 1;
            got.repeated += u64::from(said.sequence < next);
            got.missing += said.sequence.saturating_sub(next);
            next = next.max(said.sequence + 1);
            sleep(pause).await;
        }
    }
    got.missing += (MESSAGES + 1).saturating_sub(next);
    Ok(got)
}
