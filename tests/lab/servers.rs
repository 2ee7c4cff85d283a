//! Servers that end and start again, and whose lines, streams and silences are whose.

use std::io::ErrorKind;
use std::sync::PoisonError;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};
use tonic::Code;
use tracing::Instrument as _;
use workbook::lab::{Lab, SILENCE};
use workbook::run::What;

use super::chat::{SECOND, channel, converse, echo, message, serve, watched};

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
fn a_process_ends_when_its_program_does_and_its_connections_break() {
    for drained in [false, true] {
        Lab::new().run(async |lab| {
            let started = lab.host("east").process(|listener, signal| async move {
                tokio::select! {
                    biased;
                    () = signal => {}
                    () = sleep(SECOND) => {}
                    // Its end is what counts.
                    _ = echo().serve_with_incoming(listener) => {}
                }
            });
            let process = started.expect("nothing listens there");
            let ada = lab.host("ada");
            let to_east = channel(&ada, "east").await;
            let (_say, mut heard) = converse(to_east.clone()).await.expect("it answers");
            let start = Instant::now();
            if drained {
                process.drain().await;
            }
            let broken = heard.message().await.expect_err("its process is gone");
            assert_eq!(broken.code(), Code::Unknown, "{broken}");
            let due = if drained { Duration::ZERO } else { SECOND };
            assert_eq!(start.elapsed(), due);
            sleep(Duration::from_millis(1)).await;
            let gone = converse(to_east).await.map(|_| ());
            assert_eq!(
                gone.expect_err("it does not listen").code(),
                Code::Unavailable
            );
        });
    }
}
