//! A cast over TCP: each host has a port of its own, and what it says is what it says in the lab.

use futures::stream;
use tokio::io::copy_bidirectional;
use tokio::task::JoinSet;
use tonic::transport::Server;
use tracing::info;
use workbook::lesson::Listener;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::chat::chat_service_server::ChatServiceServer;
use workbook::run::{HostName, Scene as Recorded, lines_of};
use workbook::{HostRouter, Network, Outcome, Scene};

use super::chat::{Echo, echo};

fn echo_at(network: &Network) -> HostRouter {
    let thinks = std::time::Duration::ZERO;
    Server::builder()
        .layer(network.layer())
        .add_service(ChatServiceServer::new(Echo { thinks }))
}

/// Says one word to a server, and hears it again.
async fn talk_to(network: &Network, server: &str) -> Outcome {
    let channel = network.channel_to(server, |endpoint| endpoint).await?;
    let mut client = ChatServiceClient::new(channel);
    let hello = ChatMessage {
        content: format!("{} to {server}", network.host()),
        ..ChatMessage::default()
    };
    let mut echoes = client.chat(stream::iter([hello])).await?.into_inner();
    while let Some(echo) = echoes.message().await? {
        info!("hears {:?}", echo.content);
    }
    Ok(())
}

/// Passes bytes on to the server, both ways, for as many connections as there are.
async fn relay(network: Network, mut listener: Listener) {
    // Dropped with this future, so that no connection outlives the relay.
    let mut connections = JoinSet::new();
    while let Some(mut client) = listener.accept().await {
        info!("passes a connection on");
        let network = network.clone();
        connections.spawn(async move {
            if let Ok(mut server) = network.connect("server").await {
                // How a relayed connection ends is for its two ends to see.
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
        });
    }
}

fn two_servers() -> Scene {
    Scene::with_cast("two", "two servers, and two clients that talk to both")
        .client("ada", |network| async move {
            talk_to(&network, "east").await?;
            talk_to(&network, "west").await
        })
        .client("bob", |network| async move {
            talk_to(&network, "west").await?;
            talk_to(&network, "east").await
        })
        .server_at("east", echo_at)
        .server_at("west", echo_at)
}

fn behind_a_relay() -> Scene {
    Scene::with_cast("relay", "a server behind a host that passes bytes on")
        .client(
            "ada",
            |network| async move { talk_to(&network, "proxy").await },
        )
        .relay("proxy", relay)
        .server("server", echo)
}

/// The only scene of a run.
fn played(run: Result<workbook::run::Run, workbook::Failure>) -> Recorded {
    let mut run = run.expect("the scene plays");
    run.scenes.pop().expect("one scene is played")
}

/// Each host's lines; two clients of one server reach it in either order on a real clock.
fn lines(scene: &Recorded, host: &HostName) -> Vec<String> {
    let mut lines: Vec<String> = lines_of(scene, host)
        .into_iter()
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

#[test]
fn every_host_says_over_tcp_what_it_says_in_the_lab() {
    for scene in [two_servers(), behind_a_relay()] {
        let (lab, live) = (played(scene.record()), played(scene.record_live()));
        for host in lab.head.hosts.iter().map(|host| &host.name) {
            let said = lines(&lab, host);
            assert!(!said.is_empty(), "{host} says something");
            assert_eq!(lines(&live, host), said, "{host} of {}", lab.head.name);
        }
    }
}

#[test]
fn over_tcp_each_connection_knows_both_of_its_ends() {
    let between = |scene: &Recorded| {
        let mut ends: Vec<String> = scene
            .frames()
            .map(|(_, connection, _)| format!("{} {}", connection.client, connection.server))
            .collect();
        ends.sort();
        ends.dedup();
        ends
    };
    let live = played(two_servers().record_live());
    assert_eq!(
        between(&live),
        ["ada east", "ada west", "bob east", "bob west"]
    );
    let live = played(behind_a_relay().record_live());
    assert_eq!(between(&live), ["ada proxy", "proxy server"]);
}
