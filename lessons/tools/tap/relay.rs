//! Bytes from one side to the other, never changed and never reordered.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, Interest};
use tokio::net::TcpStream;
use tokio::net::tcp::ReadHalf;

use streaming_lab::wire::{Direction, Side};

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
    /// This side has reset its connection, or has vanished.
    Broken(Side, io::Error),
}

/// Which end of one direction is gone, and how.
#[derive(Debug)]
pub enum Gone {
    /// The one that sends.
    Sender(io::Error),
    /// The one that receives.
    Receiver(io::Error),
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
            async {
                requests.await.map_err(|gone| match gone {
                    Gone::Sender(error) => (Side::Client, error),
                    Gone::Receiver(error) => (Side::Server, error),
                })
            },
            async {
                responses.await.map_err(|gone| match gone {
                    Gone::Sender(error) => (Side::Server, error),
                    Gone::Receiver(error) => (Side::Client, error),
                })
            },
        );
        match both {
            Ok(_) => Ended::Closed,
            Err((side, error)) => Ended::Broken(side, error),
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
/// [`Gone`] when one of the two is.
pub async fn pump(
    from: &mut impl Source,
    to: &mut (impl AsyncWrite + Unpin),
    mut seen: impl FnMut(&[u8]),
) -> Result<(), Gone> {
    let mut held = vec![0; HELD];
    loop {
        let length = from.read(&mut held).await.map_err(Gone::Sender)?;
        let bytes = &held[..length];
        if bytes.is_empty() {
            return to.shutdown().await.map_err(Gone::Receiver);
        }
        seen(bytes);
        tokio::select! {
            biased;
            written = to.write_all(bytes) => written.map_err(Gone::Receiver)?,
            () = from.is_reset() => {
                return Err(Gone::Sender(io::ErrorKind::ConnectionReset.into()));
            }
        }
    }
}
