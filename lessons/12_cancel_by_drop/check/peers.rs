//! The peers of the exercise: an exchange at some pace, and clients that disconnect at some instant.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Response, Status, Streaming};
use workbook::grade::{AN_INSTANT, Finding, Verdict, count, ensure};
use workbook::lab::Lab;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::super::exchange::{Exchange, Pace};
use super::Subject;
use super::feed::Feed;

/// The server's keepalive: a client that has vanished is noticed within the sum of the two.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// So small that the window of a client that does not read is soon used up, in bytes.
const WINDOW: u32 = 100;

/// How a client disconnects.
#[derive(Debug, Clone, Copy)]
pub enum Disconnect {
    /// It drops the call, or its response stream.
    Drop,
    /// Its connection breaks.
    Break,
    /// Its packets stop arriving, and only the server's keepalive detects it.
    Vanish,
}

/// An exchange behind the exercise, and a client.
pub struct Market {
    lab: Lab,
    pace: Pace,
    exchange: Arc<Exchange>,
    client: StockServiceClient<Channel>,
}

impl Market {
    pub async fn open(lab: &Lab, ticker: Subject, pace: Pace) -> Result<Self, Finding> {
        let exchange = Arc::new(Exchange::new(pace));
        let (interval, patience) = KEEPALIVE;
        let server = Server::builder()
            .layer(lab.meter().layer())
            .http2_keepalive_interval(Some(interval))
            .http2_keepalive_timeout(Some(patience))
            .add_routes(ticker(Arc::clone(&exchange)));
        lab.serve(server);
        let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
        Ok(Self {
            lab: lab.clone(),
            pace,
            exchange,
            client: StockServiceClient::new(lab.channel_with(narrow).await?),
        })
    }

    /// Asks for the prices of a symbol.
    pub async fn call(&self, symbol: &str) -> Result<Feed, Finding> {
        let called = Instant::now();
        let prices = self.prices(symbol).await?;
        Ok(Feed::of(prices, self.pace, called))
    }

    /// The first price of a symbol, or the status of the call.
    pub async fn first_price(&self, symbol: &str) -> Result<Option<StockPrice>, Status> {
        self.prices(symbol).await?.message().await
    }

    async fn prices(&self, symbol: &str) -> Result<Streaming<StockPrice>, Status> {
        let symbol = symbol.to_owned();
        let mut client = self.client.clone();
        let answer = client.get_real_time_prices(StockRequest { symbol }).await;
        answer.map(Response::into_inner)
    }

    /// How many prices were made so far.
    pub fn made(&self) -> usize {
        self.exchange.made()
    }

    /// Calls, reads so many prices, disconnects so long after the call, and expects the feed to be
    /// closed in the same instant.
    pub async fn stops(&self, reads: u32, when: Duration, disconnect: Disconnect) -> Verdict {
        let stay = async {
            let mut prices = self.prices("ACME").await?;
            for number in 1..=reads {
                let price = prices.message().await?;
                ensure(price.is_some(), || {
                    format!("the stream ended instead of bringing price {number}")
                })?;
            }
            // Held, and not read.
            pending::<Verdict>().await
        };
        match disconnect {
            Disconnect::Drop => timeout(when, stay).await.unwrap_or(Ok(()))?,
            Disconnect::Break | Disconnect::Vanish => tokio::select! {
                biased;
                ended = stay => ended?,
                () = self.breaks(when, disconnect) => {}
            },
        }
        let made = self.made();
        let closed = self.has_closed_every_feed().await;
        let more = self.made() - made;
        self.lab.repair();
        closed?;
        count(more, "prices made after the disconnect").is(0)
    }

    async fn breaks(&self, when: Duration, disconnect: Disconnect) {
        sleep(when).await;
        if matches!(disconnect, Disconnect::Break) {
            return self.lab.cut();
        }
        self.lab.partition();
        sleep(KEEPALIVE.0 + KEEPALIVE.1 + Duration::from_secs(1)).await;
    }

    /// Expects no feed to be open an instant from now.
    pub async fn has_closed_every_feed(&self) -> Verdict {
        let made = self.made();
        sleep(AN_INSTANT).await;
        let open = self.exchange.open();
        ensure(open == 0, || {
            format!(
                "feeds still open: {open}; prices made since then: {}",
                self.made() - made
            )
        })
    }
}
