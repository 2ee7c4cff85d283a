//! The peers of the exercise: an exchange at some pace, and clients that disconnect at some instant.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::transport::Server;
use tonic::{Response, Status, Streaming};
use workbook::grade::{Finding, ensure};
use workbook::lab::Lab;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::stock_service_server::StockServiceServer;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::super::exchange::{Exchange, Pace};
use super::super::exercise::Ticker;

/// No read below takes longer than this, in virtual time.
const READ_LIMIT: Duration = Duration::from_secs(60 * 60);

/// What counts as the same instant: some turns of the runtime, but far less than any timer.
const AN_INSTANT: Duration = Duration::from_millis(5);

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

/// An exchange behind the exercise.
pub struct Market {
    lab: Lab,
    pub exchange: Arc<Exchange>,
    client: StockServiceClient<tonic::transport::Channel>,
}

impl Market {
    pub async fn at(lab: &Lab, pace: Pace) -> Result<Self, Finding> {
        let exchange = Arc::new(Exchange::new(pace));
        let ticker = Ticker {
            exchange: Arc::clone(&exchange),
        };
        let server = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(10)))
            .http2_keepalive_timeout(Some(Duration::from_secs(5)))
            .add_service(StockServiceServer::new(ticker));
        lab.serve(server);
        // So small that the window of a client that does not read is soon used up.
        let narrow =
            |endpoint: tonic::transport::Endpoint| endpoint.initial_stream_window_size(100);
        let channel = lab.channel_with(narrow).await;
        let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
        Ok(Self {
            lab: lab.clone(),
            exchange,
            client: StockServiceClient::new(channel),
        })
    }

    pub async fn prices(&self, symbol: &str) -> Result<Streaming<StockPrice>, Status> {
        let symbol = symbol.to_owned();
        let response = self
            .client
            .clone()
            .get_real_time_prices(StockRequest { symbol })
            .await;
        response.map(Response::into_inner)
    }

    /// Calls, reads so many prices, disconnects after so long, and expects the feed to be closed in the
    /// same instant.
    pub async fn stops(
        &self,
        reads: usize,
        after: Duration,
        disconnect: Disconnect,
    ) -> Result<(), Finding> {
        let stay = async {
            let mut prices = self.prices("ACME").await.map_err(failed)?;
            for number in 1..=reads {
                let price = prices.message().await.map_err(failed)?;
                ensure(price.is_some(), || {
                    format!("it ended instead of price {number}")
                })?;
            }
            // Held, and not read.
            std::future::pending::<Result<(), Finding>>().await
        };
        match disconnect {
            Disconnect::Drop => timeout(after, stay).await.unwrap_or(Ok(()))?,
            Disconnect::Break | Disconnect::Vanish => {
                let broken = async {
                    sleep(after).await;
                    match disconnect {
                        Disconnect::Break => self.lab.cut(),
                        _ => {
                            self.lab.partition();
                            // The keepalive detects it within 15 s.
                            sleep(Duration::from_secs(16)).await;
                        }
                    }
                    Ok(())
                };
                tokio::select! {
                    biased;
                    ended = stay => ended?,
                    broken = broken => broken?,
                }
            }
        }
        let made = self.exchange.made();
        sleep(AN_INSTANT).await;
        let (open, more) = (self.exchange.open(), self.exchange.made() - made);
        self.lab.repair();
        ensure(open == 0 && more == 0, || {
            let how = match disconnect {
                Disconnect::Drop => "the client disconnected",
                Disconnect::Break => "the connection broke",
                Disconnect::Vanish => "the client vanished",
            };
            let after = after.as_secs_f64();
            format!(
                "{how} {after} s after its call, {reads} prices read: feeds still open: {open}, prices made after that: {more}"
            )
        })
    }
}

fn failed(status: Status) -> Finding {
    let (code, message) = (status.code(), status.message());
    Finding::seen(format!("the call failed with {code:?} {message:?}"))
}

/// Reads a stream to its end.
pub async fn read(mut prices: Streaming<StockPrice>) -> Result<Vec<StockPrice>, Finding> {
    let mut read = Vec::new();
    let all = async {
        while let Some(price) = prices.message().await.map_err(failed)? {
            read.push(price);
        }
        Ok::<_, Finding>(())
    };
    let ended = timeout(READ_LIMIT, all).await;
    ended.map_err(|_| Finding::seen("the exchange closed, and the stream did not end"))??;
    Ok(read)
}
