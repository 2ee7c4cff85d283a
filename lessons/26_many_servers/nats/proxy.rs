//! haproxy in front of two servers, as a proxy of connections and as a proxy of calls.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;
use tonic::{Code, Streaming};
use workbook::proto::forum::{Heard, ListenRequest, SayRequest};

use super::processes::{Done, Nats, Server, client, free_port, listens};

/// Streams over one channel.
const STREAMS: usize = 10;
/// How long a message may take.
const ARRIVES: Duration = Duration::from_secs(5);

/// Where the streams of one channel are, and what becomes of them when a server is killed.
pub struct Spread {
    /// How many each server has, the fullest first.
    pub streams: Vec<usize>,
    /// The streams that end when the fullest server is killed, and how.
    pub end: usize,
    pub code: Code,
}

pub async fn play(nats: &Nats, folder: &Path, calls: bool) -> Done<Spread> {
    let mut servers = [
        Server::start(nats, "a").await?,
        Server::start(nats, "b").await?,
    ];
    let port = free_port()?;
    let (mode, proto) = if calls {
        ("http", " proto h2")
    } else {
        ("tcp", "")
    };
    let [a, b] = [servers[0].port, servers[1].port];
    let config = folder.join(format!("haproxy-{mode}.cfg"));
    std::fs::write(
        &config,
        format!(
            "defaults\n  mode {mode}\n  timeout connect 2s\n  timeout client 30s\n  timeout server 30s\n\
             listen rooms\n  bind 127.0.0.1:{port}{proto}\n  balance roundrobin\n  \
             server a 127.0.0.1:{a}{proto}\n  server b 127.0.0.1:{b}{proto}\n"
        ),
    )?;
    let _haproxy = Command::new("haproxy")
        .args(["-db", "-f"])
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    listens(port).await?;

    let room = format!("proxy_{mode}");
    let mut through = client(port)?;
    let mut streams: Vec<Streaming<Heard>> = Vec::new();
    for _ in 0..STREAMS {
        let request = ListenRequest {
            room: room.clone(),
            after: Some(0),
        };
        streams.push(through.listen(request).await?.into_inner());
    }
    let mut straight = servers[0].client()?;
    let said = SayRequest {
        room,
        id: String::new(),
        text: "where are you?".to_owned(),
    };
    straight.say(said).await?;
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut of: Vec<String> = Vec::new();
    for stream in &mut streams {
        let heard = timeout(ARRIVES, stream.message()).await??;
        let server = heard.ok_or("a stream has ended")?.server;
        *at.entry(server.clone()).or_default() += 1;
        of.push(server);
    }
    let fullest = at.iter().max_by_key(|(_, streams)| **streams);
    let (fullest, end) = fullest
        .map(|(name, streams)| (name.clone(), *streams))
        .ok_or("no stream")?;
    let index = usize::from(fullest == "b");
    servers[index].is_gone().await?;
    let mut code = Code::Ok;
    for (stream, _) in streams
        .iter_mut()
        .zip(&of)
        .filter(|(_, server)| **server == fullest)
    {
        if let Err(status) = timeout(ARRIVES, stream.message()).await? {
            code = status.code();
        }
    }
    let mut counts: Vec<usize> = ["a", "b"]
        .map(|name| at.get(name).copied().unwrap_or(0))
        .to_vec();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    Ok(Spread {
        streams: counts,
        end,
        code,
    })
}
