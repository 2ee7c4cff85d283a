//! Plays calls, and makes rows of what was seen.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;

use super::Failure;
use super::client::{Call, Client};
use super::plays::{KEEPS, Play, SETTINGS, does_not_apply, play_of};
use super::proxies::{Ports, Proxies, Running};
use super::server::{Market, PACE};
use super::tables::Table;

/// How often it is looked whether a call has begun.
const LOOKS_EVERY: Duration = Duration::from_millis(50);

/// What was seen of a play: by the client, on the wire, by the server.
struct Seen {
    client: String,
    wire: String,
    server: String,
}

pub struct Stage {
    pub market: Market,
    pub ports: Ports,
}

impl Stage {
    pub async fn rows(
        &self,
        plays: &[(usize, &str, Play)],
        names: &[String],
    ) -> Result<Vec<Vec<String>>, Failure> {
        let rows = join_all(plays.iter().map(async |(proxy, words, play)| {
            let seen = self.plays(play, words).await?;
            let words = (*words).to_owned();
            Ok([
                names[*proxy].clone(),
                words,
                seen.client,
                seen.wire,
                seen.server,
            ]
            .to_vec())
        }));
        rows.await.into_iter().collect()
    }

    pub async fn keeps(&self, names: &[String]) -> Result<Table, Failure> {
        let rows = join_all(KEEPS.iter().map(async |(words, call, behaviour, pings)| {
            let cells = join_all(SETTINGS.iter().map(async |(setting, plain, pinged)| {
                if does_not_apply(*call, setting) {
                    return Ok("–".to_owned());
                }
                let port = if words.starts_with("a PING of the server") {
                    pinged
                } else {
                    plain
                };
                let play = Play {
                    pings: *pings,
                    ..play_of(port, *call, behaviour)
                };
                let seen = self.plays(&play, words).await?;
                let is_open = seen.client == "it goes on";
                Ok::<_, Failure>(if is_open { "**stays open**" } else { "is cut" }.to_owned())
            }));
            let cells: Result<Vec<String>, Failure> = cells.await.into_iter().collect();
            Ok(std::iter::once((*words).to_owned()).chain(cells?).collect())
        }));
        let rows: Result<Vec<Vec<String>>, Failure> = rows.await.into_iter().collect();
        let head = [
            "each second".to_owned(),
            format!("{}, {}", names[0], SETTINGS[0].0),
            format!("{}, {}", names[0], SETTINGS[1].0),
            format!("{}, {}", names[1], SETTINGS[2].0),
        ];
        Ok(Table::new("keeps", &head, rows?))
    }

    async fn plays(&self, play: &Play, words: &str) -> Result<Seen, Failure> {
        // A name in a symbol ends at its slash.
        let name = format!("{words} at {}", play.port).replace('/', " ");
        let client = Client::connect(self.ports.of(play.port), play.pings.then_some(PACE)).await?;
        let symbol = format!("{name}/{}", play.behaviour);
        let (seen, server) = client
            .sees(play.call, &symbol, || self.market.saw(&name))
            .await;
        Ok(Seen {
            client: if play.call == Call::UploadDropped {
                "–".to_owned()
            } else {
                seen
            },
            wire: client.frames(),
            server,
        })
    }

    /// A stream is open while the proxy reads its configuration again; then there is a second call.
    pub async fn reloads(
        &self,
        proxies: &mut Proxies,
        names: &[String],
    ) -> Result<Vec<Vec<String>>, Failure> {
        let mut rows = Vec::new();
        for (proxy, port) in [(0, "nginx_send"), (1, "haproxy_client")] {
            let client = Client::connect(self.ports.of(port), None).await?;
            let (first, second) = (format!("reload {port}"), format!("reloaded {port}"));
            let symbol = format!("{first}/ends");
            let stream = client.sees(Call::List, &symbol, || self.market.saw(&first));
            let reload = async {
                while !self.market.has(&first) {
                    sleep(LOOKS_EVERY).await;
                }
                // The old process is ended with this when it has finished its calls.
                let old = match proxy {
                    0 => proxies.reload_nginx().map(|()| None),
                    _ => proxies.reload_haproxy().map(Some),
                };
                old
            };
            let ((seen, server), old) = tokio::join!(stream, reload);
            let old: Option<Running> = old?;
            drop(old);
            let symbol = format!("{second}/ends");
            let next = client
                .sees(Call::List, &symbol, || self.market.saw(&second))
                .await;
            let words = "it is reloaded while a stream is open; then a second call".to_owned();
            let seen = format!("{seen}; {}", next.0);
            let server = format!("{server}; {}", next.1);
            rows.push(vec![
                names[proxy].clone(),
                words,
                seen,
                client.frames(),
                server,
            ]);
        }
        Ok(rows)
    }
}
