//! Bytes from one side to the other, never changed and never reordered.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, Interest};
use tokio::net::TcpStream;
use tokio::net::tcp::ReadHalf;

use streaming_lab::wire::Direction;

/// The most that is held of one direction. Nothing more is read until the other side has taken it,
/// so a reader that stops makes the sender stop, as it would without a tap.
pub const HELD: usize = 16 * 1024;

/// One side of a connection, to be read.
pub trait Source: AsyncRead + Unpin {
    /// Resolves when the connection is reset. Nothing is read while the other side does not take what
    /// was read before, so a reset has to be noticed in another way.
    fn is_reset(&self) -> impl Future<Output = ()>;
}

impl Source for ReadHalf<'_> {
    async fn is_reset(&self) {
        // An error of the wait itself shows at the next read.
        let _ = self.ready(Interest::ERROR).await;
    }
}

/// How a connection ended.
#[derive(Debug)]
pub enum Ended {
    /// Both sides have half-closed.
    Closed,
    /// One side was reset, or vanished: the side that sends in this direction, or the one that
    /// receives.
    Broken(Direction, io::Error),
}

/// Passes on what both sides send, until both have half-closed or one is gone; then both are closed,
/// by a reset if it was one. `seen` is shown all bytes before they are passed on, so that a request
/// is always seen before its reply.
pub async fn relay(
    mut client: TcpStream,
    mut server: TcpStream,
    seen: impl Fn(Direction, &[u8]),
) -> Ended {
    let ended = {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let requests = pump(&mut from_client, &mut to_server, |bytes| {
            seen(Direction::ToServer, bytes);
        });
        let responses = pump(&mut from_server, &mut to_client, |bytes| {
            seen(Direction::ToClient, bytes);
        });
        let both = tokio::try_join!(
            async { requests.await.map_err(|error| (Direction::ToServer, error)) },
            async {
                responses
                    .await
                    .map_err(|error| (Direction::ToClient, error))
            },
        );
        match both {
            Ok(_) => Ended::Closed,
            Err((direction, error)) => Ended::Broken(direction, error),
        }
    };
    if let Ended::Broken(..) = ended {
        // What is sent on closing is then RST, which is what the other side would have got. Where the
        // option is refused, it gets FIN.
        let _ = client.set_zero_linger();
        let _ = server.set_zero_linger();
    }
    ended
}

/// One direction, up to and with the half-close.
///
/// # Errors
/// The error of the side that is gone.
pub async fn pump(
    from: &mut impl Source,
    to: &mut (impl AsyncWrite + Unpin),
    mut seen: impl FnMut(&[u8]),
) -> io::Result<()> {
    let mut held = vec![0; HELD];
    loop {
        let length = from.read(&mut held).await?;
        let bytes = &held[..length];
        if bytes.is_empty() {
            return to.shutdown().await;
        }
        seen(bytes);
        tokio::select! {
            biased;
            written = to.write_all(bytes) => written?,
            () = from.is_reset() => return Err(io::ErrorKind::ConnectionReset.into()),
        }
    }
}
