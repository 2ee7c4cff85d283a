//! The peers of the exercise: a server with the hub's streams, and subscribers over the network.

use std::sync::Arc;

use futures::stream::BoxStream;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{AN_INSTANT, Finding, Verdict, count, ensure, within};
use workbook::lab::Lab;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::stock_service_server::{StockService, StockServiceServer};
use workbook::proto::stocks::trade_service_client::TradeServiceClient;
use workbook::proto::stocks::trade_service_server::{TradeService, TradeServiceServer};
use workbook::proto::stocks::{StockPrice, StockRequest, Trade, TradesRequest};

use super::direct::{publish_prices, publish_trades};
use super::{SECOND, TwoKinds};

/// So small that the window of a client that does not read is soon used up, in bytes.
const WINDOW: u32 = 100;

/// How a subscriber disconnects.
#[derive(Debug, Clone, Copy)]
pub enum Disconnect {
    /// It drops its response streams.
    Drop,
    /// Its connection breaks.
    Break,
    /// Its packets stop arriving, and only the server's keepalive detects it.
    Vanish,
}

/// A hub behind a server, and a client.
pub struct Floor {
    lab: Lab,
    hub: Arc<dyn TwoKinds>,
    channel: Channel,
}

impl Floor {
    pub async fn open(lab: &Lab, hub: Box<dyn TwoKinds>) -> Result<Self, Finding> {
        let hub: Arc<dyn TwoKinds> = hub.into();
        let served = Served(Arc::clone(&hub));
        let server = Server::builder()
            .layer(lab.meter().layer())
            .http2_keepalive_interval(Some(SECOND * 10))
            .http2_keepalive_timeout(Some(SECOND * 5))
            .add_service(StockServiceServer::new(served.clone()))
            .add_service(TradeServiceServer::new(served));
        lab.serve(server);
        let narrow =
            |endpoint: tonic::transport::Endpoint| endpoint.initial_stream_window_size(WINDOW);
        Ok(Self {
            lab: lab.clone(),
            hub,
            channel: lab.channel_with(narrow).await?,
        })
    }

    pub fn hub(&self) -> &dyn TwoKinds {
        &*self.hub
    }

    pub async fn trades(&self) -> Result<Subscribed, Finding> {
        let mut client = TradeServiceClient::new(self.channel.clone());
        let trades = client.get_trades(TradesRequest::default()).await?;
        Ok(Subscribed(trades.into_inner()))
    }

    pub async fn prices(&self) -> Result<Streaming<StockPrice>, Finding> {
        let mut client = StockServiceClient::new(self.channel.clone());
        let prices = client.get_real_time_prices(StockRequest::default()).await?;
        Ok(prices.into_inner())
    }

    /// Subscribes to both, publishes so many that are not read, disconnects, and expects no subscriber
    /// to be left.
    pub async fn forgets(&self, disconnect: Disconnect, unread: usize) -> Verdict {
        let subscribed = (self.trades().await?, self.prices().await?);
        count(self.hub.subscribers(), "subscribers").is(2)?;
        for number in 1..=unread {
            publish_trades(self.hub(), number..=number).await?;
            publish_prices(self.hub(), "ACME", number..=number).await?;
            self.lab.sleep(AN_INSTANT).await;
        }
        match disconnect {
            Disconnect::Drop => drop(subscribed),
            Disconnect::Break => self.lab.cut(),
            Disconnect::Vanish => {
                self.lab.partition();
                self.lab.sleep(SECOND * 16).await;
            }
        }
        self.lab.sleep(AN_INSTANT).await;
        count(self.hub.subscribers(), "subscribers left").is(0)
    }
}

/// A stream of trades, at the client.
pub struct Subscribed(Streaming<Trade>);

impl Subscribed {
    /// Expects this trade now.
    pub async fn brings(&mut self, number: usize) -> Verdict {
        let late = format!("trade {number} had not come to the subscriber that reads");
        let trade = within(AN_INSTANT, &late, self.0.message()).await??;
        let came = trade.map(|trade| trade.number);
        ensure(came == Some(number as u64), || match came {
            Some(came) => format!("trade {came} came instead of {number}"),
            None => format!("the stream ended instead of bringing trade {number}"),
        })
    }

    /// The last trade in order, and the error behind it.
    pub async fn reads_to_the_end(&mut self) -> Result<(usize, Status), Finding> {
        let mut last = 0;
        loop {
            match within(SECOND, "the error had not come", self.0.message()).await? {
                Ok(Some(trade)) => {
                    ensure(trade.number == last as u64 + 1, || {
                        format!("trade {} came behind trade {last}", trade.number)
                    })?;
                    last += 1;
                }
                Ok(None) => {
                    return Err(Finding::seen(format!(
                        "the stream ended with OK behind trade {last}"
                    )));
                }
                Err(status) => return Ok((last, status)),
            }
        }
    }
}

/// The hub's streams as services.
#[derive(Clone)]
struct Served(Arc<dyn TwoKinds>);

#[tonic::async_trait]
impl StockService for Served {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        _: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        Ok(Response::new(self.0.prices()))
    }
}

#[tonic::async_trait]
impl TradeService for Served {
    type GetTradesStream = BoxStream<'static, Result<Trade, Status>>;

    async fn get_trades(
        &self,
        _: Request<TradesRequest>,
    ) -> Result<Response<Self::GetTradesStream>, Status> {
        Ok(Response::new(self.0.trades()))
    }
}
