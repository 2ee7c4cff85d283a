//! What chapter 20 claims in numbers.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::server::TcpIncoming;
use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Body, Frame, grouped};

use super::events::{Events, last, scene};
use super::frames::{headers, reset};
use crate::support::facts::{Fact, assert_facts, fact};

/// Identifiers of settings (RFC 9113 section 6.5.2).
const MAX_CONCURRENT_STREAMS: u16 = 3;
const INITIAL_WINDOW_SIZE: u16 = 4;
const MAX_HEADER_LIST_SIZE: u16 = 6;
/// A connection's window before the first WINDOW_UPDATE (RFC 9113 section 6.9.2).
const CONNECTION_WINDOW: u32 = 65_535;

#[test]
fn facts_of_lesson_20() {
    let mut facts = admission();
    facts.extend(permits());
    facts.extend(uploads());
    facts.extend(texts());
    facts.extend(drops());
    facts.extend(nodelay());
    assert_facts("20_limits", &facts);
}

/// What the limits that tonic and HTTP/2 have count.
fn admission() -> Vec<Fact> {
    let (broken, shed) = (scene("20", "broken"), scene("20", "shed"));
    let opened = broken.times("client", "opened");
    let no_limit = scene("20", "no_limit");
    assert_eq!(
        server_setting(no_limit, MAX_CONCURRENT_STREAMS),
        None,
        "tonic sets none"
    );
    assert_eq!(no_limit.frames(ToServer, headers).len(), 300);

    let silence = scene("20", "silence");
    let in_silence = silence.until("client", "waited_s");
    assert_eq!(
        in_silence.frames(ToServer, headers).len(),
        100,
        "nothing is sent of the calls that wait"
    );
    assert_eq!(silence.text("client", "text"), "Timeout expired");
    let freed = silence.after("client", "step", "drops");
    assert_eq!(freed.time("client", "opened"), Duration::ZERO);
    assert_eq!(freed.time("client", "reply"), Duration::ZERO);
    vec![
        fact(
            "live",
            broken.number("client", "live"),
            "streams that live at the same time under `concurrency_limit_per_connection(2)`, of 10",
        ),
        fact(
            "handlers_ms",
            last(opened).as_millis(),
            "ms until all of them are open, when a handler works for 100 ms",
        ),
        fact(
            "shed",
            shed.count("client", "code"),
            "calls of 10 at once that are refused with `load_shed(true)`",
        ),
        fact(
            "shed_code",
            shed.text("client", "code"),
            "the code of that refusal",
        ),
        fact(
            "shed_live",
            shed.number("client", "live"),
            "streams that live then, when 10 more calls come one after the other",
        ),
        fact(
            "no_limit",
            no_limit.number("client", "live"),
            "streams of 300 that a connection of tonic's opens, because SETTINGS has no MAX_CONCURRENT_STREAMS",
        ),
        fact(
            "max_concurrent",
            server_setting(silence, MAX_CONCURRENT_STREAMS).map_or(0, u64::from),
            "MAX_CONCURRENT_STREAMS in the SETTINGS of a server with `max_concurrent_streams(100)`",
        ),
        fact(
            "silent_s",
            silence.number("client", "waited_s"),
            "s after which call 101 and a unary call beside it have no answer, and have not been sent",
        ),
        fact(
            "silent_code",
            silence.text("client", "hi_code"),
            "the code of such a call with `set_timeout`",
        )
        .issue(606),
    ]
}

/// A permit in the handler, and in the response stream.
fn permits() -> Vec<Fact> {
    let fixed = scene("20", "fixed");
    assert!(fixed.has("client", "reply"), "SayHi is not limited");
    let dropped = fixed.after("client", "step", "drops");
    assert_eq!(dropped.time("server", "taken"), Duration::ZERO);
    assert_eq!(dropped.time("client", "opened"), Duration::ZERO);
    let refused = fixed.time("client", "code");
    assert_eq!(refused, Duration::ZERO, "refused at once");

    let unread = scene("20", "unread");
    let reads = unread.time_of("client", "step", "reads");
    let given_back = unread.time("server", "taken");
    assert!(given_back >= reads, "not before the client reads");
    let vanished = scene("20", "vanished");
    vec![
        fact(
            "in_handler",
            scene("20", "handler").number("client", "live"),
            "streams that live with two permits, when the handler holds them",
        ),
        fact(
            "refusal",
            fixed.text("client", "code"),
            "the code with which the third stream is refused",
        ),
        fact(
            "retry_ms",
            fixed.number("client", "retry_ms"),
            "ms after which the refused client may try again, by its RetryInfo",
        ),
        fact(
            "retry_bytes",
            fixed.number("client", "bytes"),
            "bytes of status details that this takes",
        ),
        fact(
            "back_ms",
            dropped.time("server", "taken").as_millis(),
            "ms from the drop of a stream to the return of its permit",
        ),
        fact(
            "unread_s",
            given_back.as_secs(),
            "s after which the permit of a stream is back whose client does not read for an hour",
        ),
        fact(
            "vanished_s",
            vanished.time("market", "taken").as_secs(),
            "s after which a keepalive of 10 s and 5 s has given back the permits of a client that has vanished",
        ),
    ]
}

/// Uploads and windows.
fn uploads() -> Vec<Fact> {
    let frozen = scene("20", "upload");
    let stream = server_setting(frozen, INITIAL_WINDOW_SIZE).unwrap_or(CONNECTION_WINDOW);
    let (_, more) = frozen.frame(ToClient, connection_update);
    let connection = CONNECTION_WINDOW + more;
    let before = frozen.until("client", "hi_code");
    let sent: u32 = before
        .frames(ToServer, data_flow)
        .into_iter()
        .map(|(_, flow)| flow)
        .sum();
    assert_eq!(sent, connection, "all of the window, and no byte more");
    let fixed = scene("20", "upload_fixed");
    let greeted = fixed.has("client", "reply");
    assert!(greeted, "beside as many uploads as are admitted");
    vec![
        fact(
            "stream_window",
            grouped(stream.into()),
            "bytes that tonic's server takes unread on one stream",
        )
        .issue(1126),
        fact(
            "connection_window",
            grouped(connection.into()),
            "bytes that it takes unread on all streams of a connection",
        )
        .issue(1126),
        fact(
            "frozen_code",
            frozen.text("client", "hi_code"),
            "the code of a greeting with a limit of 5 s, beside one unread upload of 16 × 100 kB",
        ),
        fact(
            "beside_uploads",
            fixed.count("client", "uploaded"),
            "unread uploads beside which a greeting is answered at once, with room for them in the windows",
        ),
        fact(
            "refused_uploads",
            fixed.text("client", "upload_code"),
            "the code of one upload more",
        ),
    ]
}

/// Texts and metadata.
fn texts() -> Vec<Fact> {
    let (long, brief) = (scene("20", "texts"), scene("20", "brief"));
    let code = |scene: Events, place| scene.line("client", "place", place).text("code");
    let size = |scene: Events, place| scene.line("client", "place", place).number("bytes");
    assert_eq!(size(long, "in_stream"), Some(0), "the text is lost");
    for place in ["refused", "in_stream"] {
        assert_eq!(size(brief, place), Some(1024), "it arrives");
    }
    assert_eq!(code(brief, "refused"), Some("InvalidArgument"));
    assert!(brief.says("client", "step", "lives"), "the neighbour, too");
    let (_, away) = long.frame(ToServer, go_away);
    let statuses = long.frames(ToClient, http_status);
    let of = |place| code(long, place).unwrap_or_default().to_owned();
    let way_too_long = long.after("client", "place", "in_stream");
    vec![
        fact(
            "header_list",
            grouped(
                server_setting(long, MAX_HEADER_LIST_SIZE)
                    .unwrap_or_default()
                    .into(),
            ),
            "bytes of headers that tonic reads, MAX_HEADER_LIST_SIZE in its SETTINGS",
        ),
        fact(
            "text_code",
            of("refused"),
            "what arrives of InvalidArgument with a text of 16,300 bytes",
        ),
        fact(
            "stream_text_code",
            of("in_stream"),
            "what arrives of DataLoss with the same text, behind a message",
        ),
        fact(
            "stream_text_bytes",
            size(long, "in_stream").unwrap_or_default(),
            "bytes of that text which arrive",
        ),
        fact(
            "huge_text_code",
            way_too_long.text("client", "code"),
            "what arrives of InvalidArgument with a text of 100,000 bytes",
        ),
        fact("huge_text_away", away, "what the client's GOAWAY says then"),
        fact(
            "neighbour_code",
            of("neighbour"),
            "how another stream of that connection ends",
        ),
        fact(
            "metadata_http",
            statuses
                .into_iter()
                .map(|(_, status)| status)
                .find(|status| status != "200")
                .unwrap_or_default(),
            "the HTTP status of a call with 20,000 bytes of metadata",
        ),
        fact(
            "metadata_code",
            of("metadata"),
            "the code that the client makes of it",
        ),
    ]
}

/// Streams that are dropped early.
fn drops() -> Vec<Fact> {
    let (counted, uncounted) = (scene("20", "drops"), scene("20", "drops_uncounted"));
    assert!(!uncounted.has("client", "failed"), "the setting helps");
    assert!(uncounted.says("client", "step", "end"));
    let dropping = counted.line("client", "place", "dropping").text("code");
    vec![
        fact(
            "drops",
            counted.number("client", "failed"),
            "the call that fails, when streams are dropped with twenty messages on their way",
        )
        .issue(2708),
        fact(
            "drops_code",
            dropping.unwrap_or_default(),
            "the code with which it fails",
        ),
        fact(
            "late_resets",
            grouped(
                counted
                    .frames(ToServer, reset)
                    .iter()
                    .filter(|(_, code)| *code == STREAM_CLOSED)
                    .count() as u64,
            ),
            "RST_STREAM frames that the client has sent by then for frames of streams that it has forgotten",
        ),
    ]
}

/// STREAM_CLOSED (RFC 9113 section 7).
const STREAM_CLOSED: u32 = 5;

/// What the operating system says about an accepted socket.
fn nodelay() -> Vec<Fact> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("a runtime");
    let [listener_stream, incoming, with_nodelay] = runtime.block_on(async {
        let by_stream = accepted(|listener| TcpListenerStream::new(listener).boxed()).await;
        let by_incoming = accepted(|listener| TcpIncoming::from(listener).boxed()).await;
        let set =
            accepted(|listener| TcpIncoming::from(listener).with_nodelay(Some(true)).boxed()).await;
        [by_stream, by_incoming, set]
    });
    let on = |set: bool| if set { "on" } else { "off" };
    vec![
        fact(
            "nodelay_listener_stream",
            on(listener_stream),
            "TCP_NODELAY of a socket that a `TcpListenerStream` accepts",
        ),
        fact(
            "nodelay_incoming",
            on(incoming),
            "the same of `TcpIncoming::from(listener)`",
        ),
        fact(
            "nodelay_set",
            on(with_nodelay),
            "the same with `.with_nodelay(Some(true))`",
        ),
    ]
}

/// TCP_NODELAY of a socket that is accepted in this way.
async fn accepted(
    incoming: fn(TcpListener) -> futures::stream::BoxStream<'static, std::io::Result<TcpStream>>,
) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let _client = TcpStream::connect(address).await.expect("it listens");
    let stream = incoming(listener).next().await.expect("one is accepted");
    let stream = stream.expect("it is accepted");
    stream.nodelay().expect("a socket has the option")
}

/// A setting in the server's first SETTINGS.
fn server_setting(scene: Events, identifier: u16) -> Option<u32> {
    let (_, settings) = scene.frame(ToClient, settings);
    let mut settings = settings.into_iter();
    settings.find_map(|(known, value)| (known == identifier).then_some(value))
}

fn settings(frame: &Frame) -> Option<Vec<(u16, u32)>> {
    match &frame.body {
        Body::Settings(values) => Some(values.clone()),
        _ => None,
    }
}

/// By how much the connection's window grows.
fn connection_update(frame: &Frame) -> Option<u32> {
    match frame.body {
        Body::WindowUpdate(bytes) if frame.stream == 0 => Some(bytes),
        _ => None,
    }
}

fn data_flow(frame: &Frame) -> Option<u32> {
    match frame.body {
        Body::Data { flow, .. } => Some(flow),
        _ => None,
    }
}

fn go_away(frame: &Frame) -> Option<String> {
    match &frame.body {
        Body::GoAway { debug, .. } => Some(debug.clone()),
        _ => None,
    }
}

fn http_status(frame: &Frame) -> Option<String> {
    let (_, headers) = headers(frame)?;
    headers.value(":status").map(str::to_owned)
}
