//! Many hosts: links and their faults, servers that end and start again, lanes.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as RealInstant};

use futures::future::join_all;
use futures::stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Status, Streaming};
use tracing::Instrument as _;
use workbook::lab::{Host, Lab, SILENCE};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::chat::chat_service_server::ChatServiceServer;
use workbook::run::{Event, Run, Scene, SceneHead, What};

use super::chat::{Echo, echo};
use super::json::json;

const SECOND: Duration = Duration::from_secs(1);

/// Starts an echo server at each of these hosts.
fn serve(lab: &Lab, hosts: &[&str]) {
    for host in hosts {
        let started = lab.start(
            host,
            Arc::new(|host: &Host| {
                let thinks = Duration::ZERO;
                let chat = ChatServiceServer::new(Echo { thinks });
                host.serve(Server::builder().layer(host.layer()).add_service(chat))
            }),
        );
        started.expect("nothing listens there yet");
    }
}

async fn channel(host: &Host, to: &str) -> Channel {
    host.channel(to).await.expect("it listens")
}

/// A conversation, open until its sender is dropped.
async fn converse(
    channel: Channel,
) -> Result<(mpsc::Sender<ChatMessage>, Streaming<ChatMessage>), Status> {
    let (say, said) = mpsc::channel(1);
    let heard = ChatServiceClient::new(channel)
        .chat(ReceiverStream::new(said))
        .await?;
    Ok((say, heard.into_inner()))
}

fn message(content: &str) -> ChatMessage {
    ChatMessage {
        content: content.to_owned(),
        ..ChatMessage::default()
    }
}

/// What happened in a lab, as it happened.
fn watched() -> (Lab, Arc<Mutex<Vec<Event>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let lab = Lab::watched(move |event| {
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event.clone());
    });
    (lab, events)
}

#[test]
fn a_fault_is_of_one_link_and_no_other_one_notices() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east", "west"]);
        let ada = lab.host("ada");
        let (east_say, mut east) = converse(channel(&ada, "east").await)
            .await
            .expect("it answers");
        let (west_say, mut west) = converse(channel(&ada, "west").await)
            .await
            .expect("it answers");
        ada.link("east").cut();
        let broken = east.message().await.expect_err("the link broke");
        assert_eq!(broken.code(), Code::Unknown, "{broken}");
        west_say.send(message("hello")).await.expect("it is open");
        let heard = west.message().await.expect("it is sound").expect("an echo");
        assert_eq!(heard.content, "hello");
        drop(east_say);
    });
}

#[test]
fn a_one_way_black_hole_lets_the_other_direction_through() {
    Lab::new().run(async |lab| {
        serve(&lab, &["server"]);
        let client = lab.host("client");
        let server = lab.host("server");
        let mut listener = lab.host("bytes").listen().expect("nothing listens there");
        let (mut near, far) = (client.connect("bytes").await.expect("it listens"), async {
            listener.accept().await.expect("a connection")
        });
        let mut far = far.await;
        client.link("bytes").partition_oneway("client");
        near.write_all(b"lost")
            .await
            .expect("nothing says that it is lost");
        far.write_all(b"comes").await.expect("this way is open");
        let mut read = [0; 5];
        near.read_exact(&mut read).await.expect("this way is open");
        assert_eq!(&read, b"comes");
        let silence = timeout(SECOND * 60, far.read(&mut read)).await;
        assert!(silence.is_err(), "nothing arrives, and no end either");
        drop(server);
    });
}

#[test]
fn a_black_hole_stays_silent_when_the_other_end_is_gone() {
    Lab::new().run(async |lab| {
        let client = lab.host("client");
        let mut listener = lab.host("server").listen().expect("nothing listens there");
        let mut near = client.connect("server").await.expect("it listens");
        let far = listener.accept().await.expect("a connection");
        client.link("server").partition();
        drop(far);
        near.write_all(b"lost")
            .await
            .expect("no BrokenPipe crosses a black hole");
        let mut read = [0; 1];
        let silence = timeout(SECOND * 60, near.read(&mut read)).await;
        assert!(silence.is_err(), "nor does the end of the connection");
    });
}

/// As over a real relay that stops forwarding, keepalive 2 s and 3 s: before headers, and in a stream
/// that has them.
#[test]
fn a_keepalive_in_a_black_hole_ends_calls_as_it_does_over_a_relay() {
    let alive = |endpoint: Endpoint| {
        endpoint
            .http2_keep_alive_interval(SECOND * 2)
            .keep_alive_timeout(SECOND * 3)
    };
    let (no_headers, with_headers) = Lab::new().run(async |lab| {
        let thinks = SECOND * 3600;
        let slow = ChatServiceServer::new(Echo { thinks });
        let slow_host = lab.host("slow");
        let _slow = slow_host
            .serve(Server::builder().add_service(slow))
            .expect("it is free");
        serve(&lab, &["server"]);
        let client = lab.host("client");
        let to_slow = client
            .channel_with("slow", alive)
            .await
            .expect("it listens");
        let to_server = client
            .channel_with("server", alive)
            .await
            .expect("it listens");
        let start = Instant::now();
        let (say, mut open) = converse(to_server).await.expect("it answers");
        let partition = async {
            sleep(Duration::from_millis(3500)).await;
            client.link("slow").partition();
            client.link("server").partition();
        };
        let unanswered = async {
            let failed = converse(to_slow)
                .await
                .map(|_| ())
                .expect_err("it never answers");
            (failed, start.elapsed())
        };
        // A message a second: the keepalive counts from the last frame that arrived.
        let talks = async {
            for second in 1..=3 {
                sleep_until(start + SECOND * second).await;
                say.send(message("tick")).await.expect("it is open");
            }
        };
        let streaming = async {
            let failed = loop {
                if let Err(failed) = open.message().await {
                    break failed;
                }
            };
            (failed, start.elapsed())
        };
        let ((), (), no_headers, with_headers) =
            tokio::join!(partition, talks, unanswered, streaming);
        (no_headers, with_headers)
    });
    let text = |(status, at): &(Status, Duration)| {
        let mut text = format!("{:?} {}", status.code(), status.message());
        let mut source = std::error::Error::source(status);
        while let Some(error) = source {
            text.push_str(&format!(" <- {error}"));
            source = error.source();
        }
        (text, at.as_millis())
    };
    let (unanswered, at) = text(&no_headers);
    assert!(unanswered.starts_with("Unavailable"), "{unanswered}");
    assert!(unanswered.contains("keep-alive timed out"), "{unanswered}");
    assert_eq!(at, 7000, "{unanswered}");
    let (streaming, at) = text(&with_headers);
    assert!(streaming.starts_with("Unknown"), "{streaming}");
    assert!(streaming.contains("broken pipe"), "{streaming}");
    assert_eq!(at, 8000, "{streaming}");
}

#[test]
fn a_connect_into_a_black_hole_waits_until_the_link_is_repaired() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east"]);
        let ada = lab.host("ada");
        let link = ada.link("east");
        link.partition();
        let start = Instant::now();
        let repair = async {
            sleep(SECOND * 5).await;
            link.repair();
        };
        let ((), connected) = tokio::join!(repair, ada.channel("east"));
        connected.expect("it listens");
        assert_eq!(start.elapsed(), SECOND * 5);
        link.refuse();
        let refused = ada
            .connect("east")
            .await
            .map(|_| ())
            .expect_err("it is refused");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn latency_delays_each_direction_and_keeps_the_order() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east"]);
        let ada = lab.host("ada");
        ada.link("east").set_latency(Duration::from_millis(20));
        let start = Instant::now();
        let to_east = channel(&ada, "east").await;
        assert_eq!(start.elapsed(), Duration::from_millis(40), "a round trip");
        let (say, mut heard) = converse(to_east).await.expect("it answers");
        let start = Instant::now();
        for content in ["one", "two"] {
            say.send(message(content)).await.expect("it is open");
        }
        for content in ["one", "two"] {
            let echo = heard
                .message()
                .await
                .expect("it is sound")
                .expect("an echo");
            assert_eq!(echo.content, content);
        }
        assert_eq!(start.elapsed(), Duration::from_millis(40));
    });
}

#[test]
fn what_is_held_arrives_when_it_is_released() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east"]);
        let ada = lab.host("ada");
        let (say, mut heard) = converse(channel(&ada, "east").await)
            .await
            .expect("it answers");
        ada.link("east").hold();
        say.send(message("late")).await.expect("it is open");
        let silence = timeout(SECOND * 9, heard.message()).await;
        assert!(silence.is_err(), "nothing arrives");
        ada.link("east").release();
        let echo = heard
            .message()
            .await
            .expect("it is sound")
            .expect("an echo");
        assert_eq!(echo.content, "late");
    });
}

#[test]
fn a_second_listener_is_an_error_and_drains_nothing() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east"]);
        let ada = lab.host("ada");
        let to_east = channel(&ada, "east").await;
        let (say, mut heard) = converse(to_east.clone()).await.expect("it answers");
        let again = lab
            .host("east")
            .serve(echo())
            .map(|_| ())
            .expect_err("it is taken");
        assert_eq!(again.kind(), ErrorKind::AddrInUse);
        assert!(again.to_string().contains("east"), "{again}");
        // Taking over is asked for by name, and drains nothing either.
        let before = lab.serve(echo());
        let (_pair_say, mut pair_heard) = converse(lab.channel().await.expect("it listens"))
            .await
            .expect("it answers");
        let _after = lab.serve(echo());
        let silence = timeout(SECOND * 60, pair_heard.message()).await;
        assert!(silence.is_err(), "its stream is still open");
        drop(before);
        say.send(message("still here")).await.expect("it is open");
        assert!(heard.message().await.expect("it is sound").is_some());
        converse(to_east)
            .await
            .expect("no GOAWAY: the same connection takes a new call");
    });
}

#[test]
fn a_bounced_server_breaks_its_connections_and_is_reached_again() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east", "west"]);
        let ada = lab.host("ada");
        let to_east = channel(&ada, "east").await;
        let (_say, mut heard) = converse(to_east.clone()).await.expect("it answers");
        let (west_say, mut west) = converse(channel(&ada, "west").await)
            .await
            .expect("it answers");
        lab.bounce("east").expect("it was started by the lab");
        let broken = heard.message().await.expect_err("its process is gone");
        assert_eq!(broken.code(), Code::Unknown, "{broken}");
        converse(to_east.clone())
            .await
            .expect("a channel connects anew");
        lab.crash("east");
        // In the very instant of the crash the channel still has its connection.
        sleep(Duration::from_millis(1)).await;
        let gone = converse(to_east.clone())
            .await
            .map(|_| ())
            .expect_err("nothing listens");
        assert_eq!(gone.code(), Code::Unavailable, "{gone}");
        lab.restart("east").expect("it was started by the lab");
        converse(to_east).await.expect("it is back");
        west_say
            .send(message("unharmed"))
            .await
            .expect("it is open");
        assert!(west.message().await.expect("it is sound").is_some());
        let unknown = lab
            .bounce("north")
            .expect_err("no server was started there");
        assert_eq!(unknown.kind(), ErrorKind::NotFound);
    });
}

#[test]
fn a_drained_server_waits_for_its_calls_and_others_serve_on() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east", "west"]);
        let ada = lab.host("ada");
        let (say, mut heard) = converse(channel(&ada, "east").await)
            .await
            .expect("it answers");
        let start = Instant::now();
        let drained = async {
            lab.drain("east").await;
            start.elapsed()
        };
        let last_words = async {
            sleep(SECOND * 3).await;
            drop(say);
            assert_eq!(heard.message().await.expect("it is sound"), None);
        };
        let (took, ()) = tokio::join!(drained, last_words);
        assert_eq!(took, SECOND * 3);
        channel(&ada, "west").await;
    });
}

#[test]
fn a_line_is_said_by_the_host_whose_task_says_it() {
    let (lab, events) = watched();
    lab.run(async |lab| {
        serve(&lab, &["east", "west"]);
        let plays = ["ada", "bob"].map(|name| {
            let host = lab.host(name);
            let span = host.span();
            async move {
                for server in ["east", "west"] {
                    let (say, _heard) = converse(channel(&host, server).await)
                        .await
                        .expect("it answers");
                    tracing::info!("talks to {server}");
                    let beside = async move { tracing::info!("a task of its own") };
                    tokio::spawn(beside.in_current_span())
                        .await
                        .expect("it does not panic");
                    drop(say);
                }
            }
            .instrument(span)
        });
        join_all(plays).await;
    });
    let events = events.lock().unwrap_or_else(PoisonError::into_inner);
    let said = |name: &str| -> Vec<String> {
        let lines = events.iter().filter_map(|event| match &event.what {
            What::Said { host, text, .. } if host.as_str() == name => Some(text.clone()),
            _ => None,
        });
        lines.collect()
    };
    for client in ["ada", "bob"] {
        let lines = [
            "talks to east",
            "a task of its own",
            "talks to west",
            "a task of its own",
        ];
        assert_eq!(said(client), lines, "{client}");
    }
    for server in ["east", "west"] {
        assert_eq!(
            said(server),
            ["a chat is opened", "a chat is opened"],
            "{server}"
        );
    }
    // Each frame knows both of its ends.
    for client in ["ada", "bob"] {
        for server in ["east", "west"] {
            let between = events.iter().any(|event| match &event.what {
                What::Frame { connection, .. } => {
                    connection.client.as_str() == client && connection.server.as_str() == server
                }
                _ => false,
            });
            assert!(between, "{client} and {server}");
        }
    }
}

#[test]
fn the_leak_meter_knows_whose_streams_are_alive() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east", "west"]);
        let ada = lab.host("ada");
        let (_say, _heard) = converse(channel(&ada, "east").await)
            .await
            .expect("it answers");
        let streams = |host: &str| lab.meter().census_of(lab.host(host).name()).streams;
        assert_eq!((streams("east"), streams("west")), (1, 0));
        assert_eq!(lab.meter().census().streams, 1);
        let open = lab.open_calls().to_string();
        assert!(
            open.starts_with("ada at east, chat.v1.ChatService/Chat: "),
            "{open}"
        );
    });
}

#[test]
fn a_sleep_of_the_scene_itself_is_no_stall() {
    Lab::new().run(async |lab| {
        let day = SECOND * 60 * 60 * 24;
        let slept = lab.until_silent(SILENCE, lab.sleep(day)).await;
        assert_eq!(slept, Ok(()));
        // Silence counts from the end of the sleep.
        let start = Instant::now();
        let work = async {
            lab.sleep(day).await;
            std::future::pending::<()>().await;
        };
        let stall = lab
            .until_silent(SECOND * 60, work)
            .await
            .expect_err("it waits for ever");
        assert_eq!(stall.lasted, SECOND * 60);
        let elapsed = start.elapsed();
        assert!(
            elapsed >= day + SECOND * 60 && elapsed < day + SECOND * 61,
            "{elapsed:?}"
        );
    });
}

#[test]
fn a_thousand_clients_on_ten_connections_take_less_than_a_second() {
    let play = || {
        let (lab, events) = watched();
        lab.run(async |lab| {
            serve(&lab, &["exchange"]);
            let mut channels = Vec::new();
            for number in 0..10 {
                channels.push(channel(&lab.host(&format!("relay{number}")), "exchange").await);
            }
            let clients = (0..1000).map(|number| {
                let channel = channels[number % channels.len()].clone();
                let host = lab.host(&format!("client{number}"));
                let span = host.span();
                async move {
                    let said = stream::iter([message(&number.to_string())]);
                    let chat = ChatServiceClient::new(channel).chat(said).await;
                    let mut heard = chat.expect("it answers").into_inner();
                    let echo = heard
                        .message()
                        .await
                        .expect("it is sound")
                        .expect("an echo");
                    tracing::info!("heard {}", echo.content);
                }
                .instrument(span)
            });
            join_all(clients).await;
        });
        let events = std::mem::take(&mut *events.lock().unwrap_or_else(PoisonError::into_inner));
        let head = SceneHead {
            name: "thousand".to_owned(),
            title: "a thousand clients on ten connections".to_owned(),
            hosts: Vec::new(),
            elide_after: None,
            shows_opening: false,
        };
        Run {
            scenes: vec![Scene { head, events }],
        }
    };
    let start = RealInstant::now();
    let first = play();
    let took = start.elapsed();
    // Ten times what it may take: the machine may be busy.
    assert!(took < SECOND * 10, "{took:?}");
    assert!(
        json(&first) == json(&play()),
        "the same events in the same order"
    );
}

#[test]
fn more_connects_at_once_than_a_backlog_holds_are_all_accepted() {
    Lab::new().run(async |lab| {
        let host = lab.host("exchange");
        let mut listener = host.listen().expect("nothing listens there");
        let clients: Vec<Host> = (0..1500)
            .map(|number| lab.host(&format!("c{number}")))
            .collect();
        let connects = join_all(clients.iter().map(|client| client.connect("exchange")));
        let accepts = async {
            let mut accepted = Vec::new();
            for _ in 0..clients.len() {
                accepted.push(listener.accept().await.expect("a connection"));
            }
            accepted.len()
        };
        let (connected, accepted) = tokio::join!(connects, accepts);
        assert!(connected.iter().all(Result::is_ok));
        assert_eq!(accepted, 1500);
    });
}

#[test]
fn every_call_of_every_connection_can_be_looked_back_at() {
    Lab::new().run(async |lab| {
        serve(&lab, &["exchange"]);
        let ada = lab.host("ada");
        for _ in 0..1100 {
            let to_exchange = channel(&ada, "exchange").await;
            let mut client = ChatServiceClient::new(to_exchange);
            client.chat(stream::iter([])).await.expect("it answers");
        }
        assert_eq!(lab.calls().len(), 1100);
    });
}
