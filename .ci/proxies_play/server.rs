//! A tonic server that does what a call's symbol says, and notes what it sees of each call.
//!
//! A symbol is a name and a behaviour, for example `7/quiet`.

use std::collections::BTreeMap;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tokio_stream::wrappers::IntervalStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::stocks::quote_service_server::QuoteService;
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::watch_request::Kind;
use workbook::proto::stocks::{
    Heartbeat, PublishResponse, StockPrice, StockRequest, WatchRequest, WatchResponse,
    watch_response,
};

/// From one message to the next, where there are any.
pub const PACE: Duration = Duration::from_secs(1);
/// How long a stream lasts that ends by itself.
const LASTS: Duration = Duration::from_secs(3);

/// What was seen of each call, by its name.
#[derive(Clone, Default)]
pub struct Market(Arc<Mutex<BTreeMap<String, String>>>);

impl Market {
    /// What the handler saw of the call with this name.
    pub fn saw(&self, name: &str) -> String {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(name)
            .cloned()
            .unwrap_or_else(|| "nothing".to_owned())
    }

    /// Whether the call with this name has reached the server.
    pub fn has(&self, name: &str) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.contains_key(name)
    }

    fn note(&self, name: &str, what: impl Into<String>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(name.to_owned(), what.into());
    }

    fn call(&self, symbol: &str) -> Call {
        let (name, behaviour) = symbol.split_once('/').unwrap_or((symbol, "quiet"));
        self.note(name, "it goes on");
        Call {
            market: self.clone(),
            name: name.to_owned(),
            behaviour: behaviour.to_owned(),
        }
    }
}

/// A call that is open. Notes that it was dropped, unless it has ended.
struct Call {
    market: Market,
    name: String,
    behaviour: String,
}

impl Call {
    fn ends(mut self, how: String) {
        self.market.note(&self.name, how);
        self.name.clear();
    }

    /// Heartbeats, or nothing, for as long as the call is to last.
    fn says(&self) -> BoxStream<'static, ()> {
        match self.behaviour.as_str() {
            "says" => IntervalStream::new(tokio::time::interval(PACE))
                .map(drop)
                .boxed(),
            "ends" => stream::once(sleep(LASTS))
                .filter_map(|()| ready(None))
                .boxed(),
            _ => stream::pending().boxed(),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            self.market.note(&self.name, "the call is dropped");
        }
    }
}

fn price() -> StockPrice {
    StockPrice {
        symbol: "ACME".to_owned(),
        ..StockPrice::default()
    }
}

#[tonic::async_trait]
impl StockService for Market {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        let call = self.call(&request.into_inner().symbol);
        if call.behaviour == "stuck" {
            pending::<()>().await;
        }
        let prices = stream::once(ready(())).chain(call.says());
        Ok(Response::new(
            held(prices, call).map(|()| Ok(price())).boxed(),
        ))
    }
}

#[tonic::async_trait]
impl QuoteService for Market {
    type WatchStream = BoxStream<'static, Result<WatchResponse, Status>>;

    async fn watch(
        &self,
        request: Request<Streaming<WatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let mut requests = request.into_inner();
        let first = requests.message().await?.and_then(|first| first.kind);
        let Some(Kind::Subscribe(subscribe)) = first else {
            return Err(Status::invalid_argument("the first message subscribes"));
        };
        let call = self.call(&subscribe.symbol);
        if call.behaviour == "stuck" {
            pending::<()>().await;
        }
        let reads = stream::once(async move {
            while let Ok(Some(_)) = requests.message().await {}
            pending().await
        });
        let says = stream::once(ready(())).chain(call.says());
        let both = stream::select(reads, says);
        let said = |()| {
            let kind = Some(watch_response::Kind::Heartbeat(Heartbeat {}));
            Ok(WatchResponse { kind })
        };
        Ok(Response::new(held(both, call).map(said).boxed()))
    }

    async fn publish(
        &self,
        request: Request<Streaming<StockPrice>>,
    ) -> Result<Response<PublishResponse>, Status> {
        let mut prices = request.into_inner();
        let first = prices.message().await?.unwrap_or_default();
        let call = self.call(&first.symbol);
        loop {
            match prices.message().await {
                Ok(Some(_)) => {}
                Ok(None) => {
                    call.ends("the handler reads `Ok(None)`".to_owned());
                    return Ok(Response::new(PublishResponse::default()));
                }
                Err(status) => {
                    call.ends(format!("the handler reads `Err({:?})`", status.code()));
                    return Err(status);
                }
            }
        }
    }
}

/// The stream, with the call in it. When the stream ends, the call has ended well.
fn held(
    stream: impl futures::Stream<Item = ()> + Send + 'static,
    call: Call,
) -> BoxStream<'static, ()> {
    let state = (stream.boxed(), call);
    stream::unfold(state, async |(mut stream, call)| {
        match stream.next().await {
            Some(()) => Some(((), (stream, call))),
            None => {
                call.ends("the stream ends with OK".to_owned());
                None
            }
        }
    })
    .boxed()
}
