//! Links between hosts, and what can be wrong with them.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tonic::transport::{Endpoint, Server};
use tonic::{Code, Status};
use workbook::lab::Lab;
use workbook::proto::chat::chat_service_server::ChatServiceServer;
use workbook::wire::Direction;

use super::chat::{Echo, SECOND, channel, converse, message, serve};

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
fn a_link_holds_as_much_as_it_is_told() {
    const WRITTEN: usize = 256 * 1024;
    let arrives = |capacity: Option<usize>| {
        Lab::new().run(async |lab| {
            let client = lab.host("client");
            let mut listener = lab.host("server").listen().expect("nothing listens there");
            let mut near = client.connect("server").await.expect("it listens");
            let mut far = listener.accept().await.expect("a connection");
            let link = client.link("server");
            link.set_latency(SECOND);
            if let Some(capacity) = capacity {
                link.set_capacity(capacity);
            }
            let start = Instant::now();
            let mut read = vec![0; WRITTEN];
            let (written, arrived) =
                tokio::join!(near.write_all(&[7; WRITTEN]), far.read_exact(&mut read));
            written.expect("the link is sound");
            arrived.expect("the link is sound");
            start.elapsed()
        })
    };
    assert_eq!(arrives(None), SECOND * 4, "64 KiB in each latency");
    assert_eq!(arrives(Some(WRITTEN)), SECOND, "all of it at once");
}

#[test]
fn the_lab_counts_what_its_connections_carry() {
    Lab::new().run(async |lab| {
        serve(&lab, &["east"]);
        let (say, mut heard) = converse(channel(&lab.host("ada"), "east").await)
            .await
            .expect("it answers");
        let before = lab.traffic(Direction::ToServer);
        say.send(message("hello")).await.expect("it is open");
        heard.message().await.expect("it is sound");
        let sent = lab.traffic(Direction::ToServer) - before;
        assert_eq!(sent.data_frames, 1);
        // The prefix, the tag and the length of `content`, and its five letters.
        assert_eq!(sent.data_bytes, 5 + 2 + 5);
    });
}
