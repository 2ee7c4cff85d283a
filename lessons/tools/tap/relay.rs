//! Bytes from one side to the other, never changed and never reordered.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, Interest};
use tokio::net::TcpStream;
use tokio::net::tcp::ReadHalf;

use streaming_lab::wire::{Direction, Side};

#[cfg(feature = "tls")]
use super::tls::Encrypted;

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

/// The connection to the server.
pub enum Upstream {
    /// As the client's.
    Plain(TcpStream),
    /// Over TLS, which the relay does not see.
    #[cfg(feature = "tls")]
    Encrypted(Box<Encrypted>),
}

impl Upstream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            #[cfg(feature = "tls")]
            Self::Encrypted(encrypted) => encrypted.socket(),
        }
    }
}

impl From<TcpStream> for Upstream {
    fn from(stream: TcpStream) -> Self {
        Self::Plain(stream)
    }
}

#[cfg(feature = "tls")]
impl From<Encrypted> for Upstream {
    fn from(encrypted: Encrypted) -> Self {
        Self::Encrypted(Box::new(encrypted))
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
    mut server: Upstream,
    seen: impl Fn(Direction, &[u8]),
) -> Ended {
    let ended = match &mut server {
        Upstream::Plain(stream) => {
            let (from, to) = stream.split();
            both(&mut client, from, to, seen).await
        }
        #[cfg(feature = "tls")]
        Upstream::Encrypted(encrypted) => {
            let (from, to) = encrypted.split();
            both(&mut client, from, to, seen).await
        }
    };
    if let Ended::Broken(..) = ended {
        // What is sent on closing is then RST, which is what the other side would have got. Where the
        // option is refused, it gets FIN.
        let _ = client.set_zero_linger();
        let _ = server.socket().set_zero_linger();
    }
    ended
}

/// Both directions, between a client and the two halves of the server's connection.
async fn both(
    client: &mut TcpStream,
    mut from_server: impl Source,
    mut to_server: impl AsyncWrite + Unpin,
    seen: impl Fn(Direction, &[u8]),
) -> Ended {
    let (mut from_client, mut to_client) = client.split();
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
        // TLS takes bytes that its socket does not take yet. Without the flush it would keep them until the
        // next ones come, and the sender of those may be waiting for an answer.
        let passed_on = async {
            to.write_all(bytes).await?;
            to.flush().await
        };
        tokio::select! {
            biased;
            written = passed_on => written.map_err(Gone::Receiver)?,
            () = from.is_reset() => {
                return Err(Gone::Sender(io::ErrorKind::ConnectionReset.into()));
            }
        }
    }
}
