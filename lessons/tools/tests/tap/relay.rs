//! Bytes through the tap: unchanged, in order, and never more of them than it may hold.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use streaming_lab::wire::{Direction, Side};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadBuf, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use workbook_tools::tap::{Ended, Gone, HELD, Source, pump, relay};

/// Both ends of a connection over loopback.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let addr = listener.local_addr().expect("it is bound");
    let (near, far) = tokio::join!(TcpStream::connect(addr), listener.accept());
    (near.expect("it listens"), far.expect("it accepts").0)
}

/// Bytes that do not repeat soon: a generator after Lehmer.
fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let next = |_| {
        state = state * 48_271 % 2_147_483_647;
        state.to_le_bytes()[1]
    };
    (0..length).map(next).collect()
}

#[tokio::test]
async fn bytes_pass_unchanged_both_ways_and_a_half_close_leaves_the_other_way_open() {
    let (mut client, at_tap) = pair().await;
    let (from_tap, mut server) = pair().await;
    let (request, response) = (bytes(1, 3_000_001), bytes(2, 2_000_003));
    let seen = RefCell::new((Vec::new(), Vec::new()));
    let tap = relay(
        at_tap,
        from_tap.into(),
        |direction, bytes| match direction {
            Direction::ToServer => seen.borrow_mut().0.extend_from_slice(bytes),
            Direction::ToClient => seen.borrow_mut().1.extend_from_slice(bytes),
        },
    );
    let asks = async {
        client.write_all(&request).await.expect("it is read");
        client.shutdown().await.expect("it is open");
        let mut got = Vec::new();
        client.read_to_end(&mut got).await.expect("no reset");
        got
    };
    let answers = async {
        let mut got = Vec::new();
        // Ends only because the half-close is passed on.
        server.read_to_end(&mut got).await.expect("no reset");
        server.write_all(&response).await.expect("it is read");
        server.shutdown().await.expect("it is open");
        got
    };
    let (ended, at_client, at_server) = tokio::join!(tap, asks, answers);
    assert!(matches!(ended, Ended::Closed), "{ended:?}");
    assert!(at_server == request && at_client == response);
    let (to_server, to_client) = seen.into_inner();
    assert!(to_server == request && to_client == response);
}

#[tokio::test]
async fn a_reset_is_passed_on_as_a_reset() {
    let (client, at_tap) = pair().await;
    let (from_tap, mut server) = pair().await;
    client.set_zero_linger().expect("the system can");
    drop(client);
    let ended = relay(at_tap, from_tap.into(), |_, _| {}).await;
    assert!(matches!(ended, Ended::Broken(Side::Client, _)), "{ended:?}");
    let error = server.read(&mut [0]).await.expect_err("no end of file");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

/// One end of a pipe in memory, which holds as much as it is told to.
struct Pipe<'a> {
    pipe: DuplexStream,
    reset: Option<&'a Notify>,
}

impl AsyncRead for Pipe<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(cx, buffer)
    }
}

impl Source for Pipe<'_> {
    async fn is_reset(&self) {
        match self.reset {
            Some(reset) => reset.notified().await,
            None => pending().await,
        }
    }
}

/// What a pipe holds, in place of a socket's buffers.
const PIPE: usize = 1024;

#[tokio::test(start_paused = true)]
async fn a_stopped_reader_stops_the_sender_after_16_kib_and_what_the_sockets_hold() {
    let (mut sender, pipe) = duplex(PIPE);
    let (mut to, mut reader) = duplex(PIPE);
    let mut from = Pipe { pipe, reset: None };
    let sent = Cell::new(0);
    let sends = async {
        loop {
            sender.write_all(&[7]).await.expect("it is open");
            sent.set(sent.get() + 1);
        }
    };
    let both = async { tokio::join!(sends, pump(&mut from, &mut to, |_| {})) };
    tokio::pin!(both);
    // The clock moves only when nothing else can: everything that can be sent has been.
    let hour = Duration::from_secs(3600);
    assert!(timeout(hour, &mut both).await.is_err());
    let stopped = sent.get();
    assert!(stopped <= PIPE + HELD + PIPE, "{stopped}");
    assert!(stopped > 2 * PIPE, "{stopped}");

    // One that reads again makes it go on, as far as it has read.
    let mut read = vec![0; 5000];
    let reads = async {
        reader.read_exact(&mut read).await.expect("it is open");
        pending::<()>().await;
    };
    assert!(
        timeout(hour, async { tokio::join!(&mut both, reads) })
            .await
            .is_err()
    );
    assert!(sent.get() >= stopped, "{}", sent.get());
    assert!(sent.get() <= stopped + 5000 + HELD, "{}", sent.get());
}

#[tokio::test(start_paused = true)]
async fn a_reset_is_noticed_while_the_other_side_does_not_read() {
    let (mut sender, pipe) = duplex(PIPE);
    let (mut to, _reader) = duplex(PIPE);
    let reset = Notify::new();
    let mut from = Pipe {
        pipe,
        reset: Some(&reset),
    };
    let vanishes = async {
        // More than the pipe behind the tap takes, so the tap waits to write.
        sender.write_all(&[7; 3 * PIPE]).await.expect("it is read");
        reset.notify_one();
    };
    let (pumped, ()) = tokio::join!(pump(&mut from, &mut to, |_| {}), vanishes);
    assert!(matches!(pumped, Err(Gone::Sender(_))), "{pumped:?}");
}
