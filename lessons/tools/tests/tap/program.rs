//! Calls through the tap, and what it prints of them.

use std::sync::Arc;

use futures::StreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::{Barrier, mpsc};
use tokio::task::{JoinSet, spawn_blocking};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::running::{Tap, said};
use crate::served::{Reflection, Served};

fn content(content: &str) -> ChatMessage {
    ChatMessage {
        content: content.to_owned(),
        ..ChatMessage::default()
    }
}

async fn client(tap: &Tap) -> ChatServiceClient<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{}", tap.addr)).expect("an address");
    ChatServiceClient::new(endpoint.connect().await.expect("it listens"))
}

/// Sends one message, and reads replies to the end.
async fn chat(mut client: ChatServiceClient<Channel>, message: ChatMessage) -> Result<usize, Code> {
    let requests = futures::stream::iter([message]);
    let replies = client
        .chat(requests)
        .await
        .map_err(|status| status.code())?;
    let replies: Vec<_> = replies.into_inner().collect().await;
    match replies.iter().find_map(|reply| reply.as_ref().err()) {
        Some(status) => Err(status.code()),
        None => Ok(replies.len()),
    }
}

#[tokio::test]
async fn a_call_is_printed_with_its_path_its_messages_its_half_close_and_its_status() {
    let served = Served::start();
    let mut tap = Tap::before(served.addr, &[]);
    assert_eq!(chat(client(&tap).await, content("hi")).await, Ok(1));
    let lines = tap.until("END_STREAM: end");
    let (to_server, to_client): (Vec<_>, Vec<_>) = said(&lines, "wire")
        .into_iter()
        .filter(|line| !line.contains("WINDOW_UPDATE"))
        .partition(|line| line.starts_with('→'));
    assert_eq!(
        to_server,
        [
            "→ HEADERS #1 POST /chat.v1.ChatService/Chat",
            "→ DATA #1 1 message: flag 0, length 4",
            "→ DATA #1 no message, END_STREAM: half-close",
        ]
    );
    assert_eq!(
        to_client,
        [
            "← HEADERS #1 HTTP 200, application/grpc",
            "← DATA #1 1 message: flag 0, length 4",
            "← HEADERS #1 grpc-status 0 OK, END_STREAM: end",
        ]
    );
    // The server describes its types.
    assert_eq!(said(&lines, "client"), ["#1 {\"content\":\"hi\"}"]);
    assert_eq!(said(&lines, "server"), ["#1 {\"content\":\"hi\"}"]);
}

#[tokio::test]
async fn messages_are_read_with_reflection_v1alpha_and_with_a_proto_file() {
    let proto = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../proto/chat/v1/chat.proto"
    );
    for (reflection, more) in [
        (Reflection::V1Alpha, &[][..]),
        (Reflection::None, &["--proto", proto]),
    ] {
        let served = Served::with_reflection(reflection);
        let mut tap = Tap::before(served.addr, more);
        assert_eq!(chat(client(&tap).await, content("hi")).await, Ok(1));
        let lines = tap.until("END_STREAM: end");
        for lane in ["client", "server"] {
            assert_eq!(
                said(&lines, lane),
                ["#1 {\"content\":\"hi\"}"],
                "{reflection:?}"
            );
        }
    }
}

#[tokio::test]
async fn without_types_the_first_line_says_why_and_messages_have_their_size() {
    let served = Served::with_reflection(Reflection::None);
    let mut tap = Tap::before(served.addr, &[]);
    assert_eq!(chat(client(&tap).await, content("hi")).await, Ok(1));
    let lines = tap.until("END_STREAM: end");
    let why = "the server describes no types by reflection (Unimplemented): messages have only their size";
    assert_eq!(said(&lines, "tap")[0], why);
    assert!(said(&lines, "client").is_empty());
}

#[tokio::test]
async fn json_has_one_object_a_line_and_only_leaves_other_methods_out() {
    let served = Served::start();
    let only = "/chat.v1.ChatService/Other";
    for (more, frames) in [
        (&["--json"][..], true),
        (&["--json", "--only", only], false),
    ] {
        let mut tap = Tap::before(served.addr, more);
        // An empty message is refused.
        let refused = chat(client(&tap).await, content("")).await;
        assert_eq!(refused, Err(Code::InvalidArgument));
        // The client's connection is closed by a task, which has to run meanwhile.
        let events = spawn_blocking(move || tap.events_until("closed by both sides")).await;
        let events = events.expect("it is printed");
        let is_call =
            |event: &&serde_json::Value| event["type"] == "frame" && event["frame"]["stream"] == 1;
        assert_eq!(
            events.iter().any(|event| is_call(&event)),
            frames,
            "{events:#?}"
        );
        let sizes = events
            .iter()
            .filter(|event| event["fields"]["message"].is_object());
        assert_eq!(sizes.count(), usize::from(frames), "{events:#?}");
    }
}

/// tonic's server takes 200 calls at once on a connection, so there are several connections.
#[tokio::test]
async fn a_thousand_calls_at_once_all_pass_and_are_counted() {
    const CONNECTIONS: usize = 10;
    const CALLS: usize = 100;
    let served = Served::start();
    let tap = Tap::before(served.addr, &["--quiet"]);
    let all = Arc::new(Barrier::new(CONNECTIONS * CALLS));
    let mut calls = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let client = client(&tap).await;
        for call in 0..CALLS {
            let (mut client, all) = (client.clone(), Arc::clone(&all));
            calls.spawn(async move {
                let message = content(&call.to_string());
                let (messages, requests) = mpsc::channel(1);
                let replies = client.chat(ReceiverStream::new(requests)).await;
                let mut replies = replies.expect("it answers").into_inner();
                messages.send(message.clone()).await.expect("it is open");
                let reply = replies.message().await.expect("it answers");
                assert_eq!(reply, Some(message));
                // Every call stays open until all have their reply.
                all.wait().await;
                drop(messages);
                assert_eq!(replies.message().await.expect("it ends well"), None);
            });
        }
    }
    while let Some(call) = calls.join_next().await {
        call.expect("its replies are its own");
    }
    #[cfg(unix)]
    {
        let (lines, code) = tap.interrupt();
        let text = said(&lines, "tap").join(" ");
        let counts = "10 connections, 1,000 calls; to the server 1,000 messages";
        assert!(text.contains(counts), "{text}");
        assert!(text.contains("to the client 1,000 messages"), "{text}");
        assert_eq!(code, Some(0));
    }
}

/// A client's first bytes: preface, SETTINGS, and the HEADERS of a chat (RFC 7541, section 6).
fn opening() -> Vec<u8> {
    let path = b"/chat.v1.ChatService/Chat";
    let length = u8::try_from(path.len()).expect("short");
    let kind = b"application/grpc";
    // POST, http, a path, an authority, a content-type.
    let block = [
        &[0x83, 0x86, 0x04, length][..],
        path,
        &[0x01, 1, b'x'],
        &[0x0f, 0x10, 16],
        kind,
    ];
    let block = block.concat();
    let length = u8::try_from(block.len()).expect("short");
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let headers = [0, 0, length, 1, 0x4, 0, 0, 0, 1];
    [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
        &settings,
        &headers,
        &block,
    ]
    .concat()
}

#[tokio::test]
async fn a_client_that_vanishes_ends_its_connection_and_no_other() {
    let served = Served::start();
    let mut tap = Tap::before(served.addr, &[]);
    let mut vanishes = TcpStream::connect(tap.addr).await.expect("it listens");
    vanishes.write_all(&opening()).await.expect("it reads");
    tap.until("HTTP 200");
    vanishes.set_zero_linger().expect("the system can");
    drop(vanishes);
    let lines = tap.until("with 1 open call");
    let text = said(&lines, "tap").join(" ");
    assert!(
        text.contains("connection 1 broken by the client: "),
        "{text}"
    );
    assert_eq!(chat(client(&tap).await, content("hi")).await, Ok(1));
}

/// Lesson 10's fault: a client that sends everything before it reads.
#[tokio::test]
async fn a_call_that_hangs_is_diagnosed_after_the_time_asked_for_and_again_with_ctrl_c() {
    let served = Served::start();
    let mut tap = Tap::before(served.addr, &["--quiet", "--stalled", "500ms"]);
    let endpoint = Endpoint::from_shared(format!("http://{}", tap.addr)).expect("an address");
    let endpoint = endpoint.initial_stream_window_size(65_535);
    let channel = endpoint.connect().await.expect("it listens");
    let mut client = ChatServiceClient::new(channel);
    let (messages, requests) = mpsc::channel(1);
    let replies = client.chat(ReceiverStream::new(requests)).await;
    let _replies = replies.expect("it answers").into_inner();
    let sends = tokio::spawn(async move {
        let message = content(&"x".repeat(1024));
        while messages.send(message.clone()).await.is_ok() {}
    });
    let lines = spawn_blocking(move || (tap.until("lesson 10"), tap));
    let (lines, tap) = lines.await.expect("it is printed");
    let said_first = said(&lines, "tap");
    let [state, rest @ ..] = &said_first[said_first.len() - 5..] else {
        panic!("{said_first:#?}")
    };
    assert!(state.starts_with("#1 nothing for "), "{state}");
    assert!(
        state.contains("chat.v1.ChatService/Chat: request headers sent, "),
        "{state}"
    );
    assert!(
        state.contains("the response window is used up, both halves open"),
        "{state}"
    );
    assert_eq!(
        rest[..2],
        [
            "#1 the client may send 0 more bytes on this stream until the server reads",
            "#1 the server may send 0 more bytes on this stream until the client reads",
        ]
    );
    assert!(rest[2].starts_with("#1 sent last, "), "{rest:?}");
    let looks = "#1 looks as if both sides send, and neither reads: lesson 10";
    assert_eq!(rest[3], looks);
    #[cfg(unix)]
    {
        let (lines, code) = tap.interrupt();
        let again = said(&lines, "tap");
        assert!(again.contains(&looks.to_owned()), "{again:#?}");
        assert!(
            again
                .last()
                .is_some_and(|last| last.starts_with("1 connection, 1 call;"))
        );
        assert_eq!(code, Some(0));
    }
    sends.abort();
}
