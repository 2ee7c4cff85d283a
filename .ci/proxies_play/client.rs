//! A tonic client whose connections are read along, and what it sees of a call.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{interval, sleep, timeout};
use tokio_stream::wrappers::IntervalStream;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use workbook::proto::files::DownloadFileRequest;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{
    Heartbeat, StockPrice, StockRequest, WatchRequest, watch_request::Kind,
};
use workbook::wire::{Body, Direction, Frame, SharedWitness, Side, Tap, error_code};

use super::server::PACE;

/// A call that has not ended by then goes on. The timeouts of the proxies are less than half of it.
const GOES_ON: Duration = Duration::from_secs(7);
/// PINGs that are not answered are not what is played here.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the server has to notice what the client has seen.
const SETTLES: Duration = Duration::from_millis(500);
/// From one message of a long upload to the next.
const QUICKLY: Duration = Duration::from_millis(50);
/// When a client gives up its upload.
const GIVES_UP: Duration = Duration::from_secs(1);

/// What the words for a frame that ends a stream contain.
const END: &str = "END_STREAM";

/// Which call, and what the client sends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Server streaming.
    List,
    /// Bidirectional. The client sends its subscription, and no more.
    Watch,
    /// The same, and a heartbeat each second.
    WatchSays,
    /// Client streaming: one message, and the stream stays open.
    Upload,
    /// The same, with a message each second.
    UploadSays,
    /// A message of more than 100 bytes every 50 ms.
    UploadMuch,
    /// The call is dropped after a second.
    UploadDropped,
    /// A download from a server in Python, which falls silent.
    Download,
}

/// A client with one connection at a time.
pub struct Client {
    channel: Channel,
    frames: Arc<Mutex<Vec<String>>>,
}

impl Client {
    /// A client of that port. It sends PINGs at such times, if any.
    pub async fn connect(
        port: u16,
        pings: Option<Duration>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let frames: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&frames);
        let connector = tower::service_fn(move |_| {
            let kept = Arc::clone(&kept);
            async move {
                let stream = TcpStream::connect(("127.0.0.1", port)).await?;
                stream.set_nodelay(true)?;
                let on_frame = Arc::new(move |frame: &Frame| {
                    if let Some(words) = ending(frame) {
                        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                        // What comes behind the end of a stream changes nothing.
                        let has_ended = kept.last().is_some_and(|last| last.contains(END));
                        if !has_ended && kept.last() != Some(&words) {
                            kept.push(words);
                        }
                    }
                });
                let witness = SharedWitness::default();
                let tap = Tap::new(stream, Side::Client, witness, on_frame);
                Ok::<_, io::Error>(TokioIo::new(tap))
            }
        });
        let mut endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}"))?;
        if let Some(interval) = pings {
            endpoint = endpoint
                .http2_keep_alive_interval(interval)
                .keep_alive_timeout(PATIENCE);
        }
        let channel = endpoint.connect_with_connector(connector).await?;
        Ok(Self { channel, frames })
    }

    /// What the client sees: the code and the text, or that the call goes on. What `server_sees` returns is
    /// taken while the call is open, or a while after it has ended.
    pub async fn sees(
        &self,
        call: Call,
        symbol: &str,
        server_sees: impl Fn() -> String,
    ) -> (String, String) {
        let ends = self.ends(call, symbol);
        tokio::pin!(ends);
        let client = match timeout(GOES_ON, &mut ends).await {
            Err(_) => return ("it goes on".to_owned(), server_sees()),
            Ok(Ok(())) => "OK".to_owned(),
            Ok(Err(status)) => said(&status),
        };
        sleep(SETTLES).await;
        (client, server_sees())
    }

    /// The frames with which the peer has ended calls, or announced an end.
    pub fn frames(&self) -> String {
        let frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if frames.is_empty() {
            return "nothing".to_owned();
        }
        frames.join(", ")
    }

    async fn ends(&self, call: Call, symbol: &str) -> Result<(), Status> {
        let mut quotes = QuoteServiceClient::new(self.channel.clone());
        let symbol = symbol.to_owned();
        match call {
            Call::List => {
                let mut client = StockServiceClient::new(self.channel.clone());
                let answer = client.get_real_time_prices(StockRequest { symbol }).await?;
                let mut prices = answer.into_inner();
                while prices.message().await?.is_some() {}
            }
            Call::Watch | Call::WatchSays => {
                let subscribe = Kind::Subscribe(StockRequest { symbol });
                let more = paced(call == Call::WatchSays).map(|()| Kind::Heartbeat(Heartbeat {}));
                let requests = stream::iter([subscribe]).chain(more);
                let requests = requests.map(|kind| WatchRequest { kind: Some(kind) });
                let mut events = quotes.watch(requests).await?.into_inner();
                while events.message().await?.is_some() {}
            }
            Call::Upload | Call::UploadSays => {
                let price = price(symbol);
                let first = stream::iter([price.clone()]);
                let more = paced(call == Call::UploadSays).map(move |()| price.clone());
                quotes.publish(first.chain(more)).await?;
            }
            Call::UploadMuch => {
                let price = price(format!("{symbol}/{:100}", ""));
                let much = IntervalStream::new(interval(QUICKLY)).map(move |_| price.clone());
                quotes.publish(much).await?;
            }
            Call::UploadDropped => {
                let prices = stream::iter([price(symbol)]).chain(stream::pending());
                // Dropped with its timeout.
                let _ = timeout(GIVES_UP, quotes.publish(prices)).await;
                sleep(GIVES_UP).await;
            }
            Call::Download => {
                let mut client = FileServiceClient::new(self.channel.clone());
                let request = DownloadFileRequest::default();
                let mut chunks = client.download_file(request).await?.into_inner();
                while chunks.message().await?.is_some() {}
            }
        }
        Ok(())
    }
}

fn price(symbol: String) -> StockPrice {
    StockPrice {
        symbol,
        ..StockPrice::default()
    }
}

/// Something each second, or nothing.
fn paced(says: bool) -> BoxStream<'static, ()> {
    if says {
        IntervalStream::new(interval(PACE)).map(drop).boxed()
    } else {
        stream::pending().boxed()
    }
}

/// How a peer ends calls, or announces it.
fn ending(frame: &Frame) -> Option<String> {
    if frame.direction != Direction::ToClient {
        return None;
    }
    match &frame.body {
        Body::Reset(code) => Some(format!("RST_STREAM {}", error_code(*code))),
        Body::GoAway { code, .. } => Some(format!("GOAWAY {}", error_code(*code))),
        // In gRPC a server ends a stream with trailers.
        Body::Data { .. } if frame.end_stream => Some(format!("DATA with {END}, no trailers")),
        Body::Headers(headers) => match (headers.value(":status"), frame.end_stream) {
            (None, true) => Some(format!("trailers with {END}")),
            (Some("200") | None, _) => None,
            (Some(status), true) => Some(format!("HTTP {status} with {END}")),
            (Some(status), false) => Some(format!("HTTP {status}")),
        },
        _ => None,
    }
}

/// The code and its text. What comes after the first words of a long one is left out.
fn said(status: &Status) -> String {
    let text = status.message();
    let text = match text.split_once(" (valid flags") {
        Some((before, _)) => before,
        None => text
            .split_once(", stream was")
            .map_or(text, |(before, _)| before),
    };
    match status.code() {
        Code::Ok => "OK".to_owned(),
        code => format!("{code:?}, \"{text}\""),
    }
}
