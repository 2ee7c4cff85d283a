//! The lab's promises for one client and one server: real faults, virtual time, and a stall detector
//! that knows what is open.

use std::time::{Duration, Instant as RealInstant};

use futures::stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tonic::{Code, Streaming};

use workbook::lab::{Lab, SILENCE};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::chat::chat_service_server::ChatServiceServer;
use workbook::run::Census;

use super::chat::{Echo, echo};

const HOUR: Duration = Duration::from_secs(3600);

/// A conversation whose request half stays open as long as the sender lives.
async fn converse(lab: &Lab) -> (mpsc::Sender<ChatMessage>, Streaming<ChatMessage>) {
    let channel = lab.channel().await.expect("the server listens");
    let (say, said) = mpsc::channel(1);
    let heard = ChatServiceClient::new(channel)
        .chat(ReceiverStream::new(said))
        .await;
    (say, heard.expect("the server answers").into_inner())
}

#[test]
fn an_hour_of_silence_takes_no_time() {
    let started = RealInstant::now();
    let slept = Lab::new().run(async |_| {
        let before = Instant::now();
        sleep(HOUR).await;
        before.elapsed()
    });
    assert!(slept >= HOUR);
    // Generous: the machine may be busy. An hour it is not.
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn nothing_listening_is_connection_refused() {
    let error = Lab::new().run(async |lab| lab.channel().await.expect_err("nothing listens"));
    // Debug shows the whole chain of causes.
    assert!(
        format!("{error:?}").contains("ConnectionRefused"),
        "{error:?}"
    );
}

#[test]
fn a_drained_server_refuses_and_its_successor_is_reached_by_the_same_channel() {
    Lab::new().run(async |lab| {
        let first = lab.serve(echo());
        let mut client = ChatServiceClient::new(lab.channel().await.expect("it listens"));
        client
            .chat(stream::iter([]))
            .await
            .expect("the first server answers");
        first.drain().await;
        let refused = client
            .chat(stream::iter([]))
            .await
            .expect_err("nothing listens");
        assert_eq!(refused.code(), Code::Unavailable);
        lab.serve(echo());
        client
            .chat(stream::iter([]))
            .await
            .expect("the second server answers");
    });
}

#[test]
fn a_cut_connection_is_an_error_on_both_sides_and_the_next_one_is_sound() {
    Lab::new().run(async |lab| {
        lab.serve(echo());
        let (_say, mut heard) = converse(&lab).await;
        lab.cut();
        let status = heard.message().await.expect_err("the connection broke");
        assert_eq!(status.code(), Code::Unknown, "{status}");
        converse(&lab).await;
    });
}

#[test]
fn a_black_hole_swallows_everything_and_says_nothing() {
    Lab::new().run(async |lab| {
        lab.serve(echo());
        let (say, mut heard) = converse(&lab).await;
        lab.partition();
        say.send(ChatMessage::default())
            .await
            .expect("it can still be sent");
        let silence = lab
            .until_silent(HOUR, heard.message())
            .await
            .expect_err("nothing comes");
        assert_eq!(silence.lasted, HOUR);
        // The tap is at the server's end, and nothing arrives there.
        assert_eq!(silence.open_calls.len(), 1);
        assert!(
            silence.to_string().contains("no request message"),
            "{silence}"
        );
        lab.repair();
        converse(&lab).await;
    });
}

#[test]
fn a_stall_says_what_is_open() {
    Lab::new().run(async |lab| {
        let thinks = HOUR * 24;
        lab.serve(Server::builder().add_service(ChatServiceServer::new(Echo { thinks })));
        let mut client = ChatServiceClient::new(lab.channel().await.expect("it listens"));
        let call = client.chat(stream::pending());
        let silence = lab
            .until_silent(SILENCE, call)
            .await
            .expect_err("nothing answers");
        assert_eq!(
            silence.to_string(),
            "nothing for 1 h 00 min of virtual time: chat.v1.ChatService/Chat: request headers \
             sent, no request message, response headers not sent, no response message, both \
             halves open"
        );
    });
}

#[test]
fn a_scene_stalls_an_hour_after_the_last_thing_that_happened() {
    Lab::new().run(async |lab| {
        let before = Instant::now();
        let silence = lab
            .until_silent(SILENCE, async {
                sleep(Duration::from_millis(12_345)).await;
                tracing::info!("still here");
                std::future::pending::<()>().await;
            })
            .await;
        assert_eq!(silence.expect_err("it waits for ever").lasted, SILENCE);
        let elapsed = before.elapsed().as_millis();
        // One millisecond is the granularity of tokio's timers.
        assert!((3_612_345..=3_612_346).contains(&elapsed), "{elapsed}");
    });
}

#[test]
fn a_ticker_alone_does_not_hide_a_stall() {
    Lab::new().run(async |lab| {
        let ticker = async {
            loop {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let silence = lab
            .until_silent::<()>(SILENCE, ticker)
            .await
            .expect_err("it ticks for ever");
        assert!(silence.ticking, "{silence}");
        assert!(
            silence.lasted < SILENCE,
            "the number of ticks ended it, not the time"
        );
    });
}

#[test]
fn work_that_comes_to_an_end_is_not_disturbed() {
    Lab::new().run(async |lab| {
        // Slower than a silence may be as a whole, but never silent for that long.
        let work = async {
            for _ in 0..10 {
                sleep(SILENCE / 2).await;
                tracing::info!("working");
            }
            "done"
        };
        assert_eq!(lab.until_silent(SILENCE, work).await, Ok("done"));
    });
}

#[test]
fn the_leak_meter_counts_tasks_handlers_and_streams() {
    Lab::new().run(async |lab| {
        let service = ChatServiceServer::new(Echo {
            thinks: Duration::from_secs(1),
        });
        lab.serve(
            Server::builder()
                .layer(lab.meter().layer())
                .add_service(service),
        );
        let channel = lab.channel().await.expect("it listens");
        sleep(Duration::from_millis(1)).await;
        let baseline = lab.meter().census();

        let (say, said) = mpsc::channel::<ChatMessage>(1);
        let mut client = ChatServiceClient::new(channel.clone());
        let call = tokio::spawn(async move { client.chat(ReceiverStream::new(said)).await });
        sleep(Duration::from_millis(500)).await;
        let thinking = lab.meter().census().since(baseline);
        assert_eq!((thinking.handlers, thinking.streams), (1, 0));

        let heard = call
            .await
            .expect("it does not panic")
            .expect("the server answers");
        let streaming = lab.meter().census().since(baseline);
        assert_eq!((streaming.handlers, streaming.streams), (0, 1));
        assert!(streaming.tasks > 0, "hyper serves each call in a task");

        drop((say, heard));
        sleep(Duration::from_millis(1)).await;
        assert_eq!(lab.meter().census().since(baseline), Census::default());
        drop(channel);
    });
}

#[test]
fn a_tap_changes_no_byte() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use workbook::wire::{SharedWitness, Side, Tap};

    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    let (sent, received) = Lab::new().run(async |_| {
        let (near, mut far) = duplex(777);
        let tap = Tap::new(
            near,
            Side::Client,
            SharedWitness::default(),
            std::sync::Arc::new(|_| {}),
        );
        let (mut reader, mut writer) = tokio::io::split(tap);
        let echo = async {
            let mut all = Vec::new();
            far.read_to_end(&mut all).await.expect("a pipe in memory");
            far.write_all(&all).await.expect("a pipe in memory");
            drop(far);
            all
        };
        let send = async {
            writer.write_all(&bytes).await.expect("a pipe in memory");
            writer.shutdown().await.expect("a pipe in memory");
            let mut all = Vec::new();
            reader
                .read_to_end(&mut all)
                .await
                .expect("a pipe in memory");
            all
        };
        tokio::join!(echo, send)
    });
    assert!(sent == bytes && received == bytes);
}

/// The error text that the book explains: a lab in a `#[tokio::test]`.
#[test]
#[should_panic(expected = "Cannot start a runtime from within a runtime")]
fn a_lab_does_not_run_inside_a_runtime() {
    let outer = tokio::runtime::Builder::new_current_thread().build();
    outer
        .expect("a runtime without sockets")
        .block_on(async { Lab::new().run(async |_| {}) });
}
