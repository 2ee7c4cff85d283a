//! `QuoteService`: prices with heartbeats, and prices from outside.

use futures::stream::{self, BoxStream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stocks::quote_service_server::QuoteService;
use workbook::proto::stocks::watch_request::Kind;
use workbook::proto::stocks::{PublishResponse, StockPrice, WatchRequest, WatchResponse};

use super::fixed::Watched;
use super::market::{Market, Open, check_symbol};

#[tonic::async_trait]
impl QuoteService for Market {
    type WatchStream = BoxStream<'static, Result<WatchResponse, Status>>;

    async fn watch(
        &self,
        request: Request<Streaming<WatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let mut requests = request.into_inner();
        let first = requests.message().await?;
        let Some(Kind::Subscribe(subscribe)) = first.and_then(|first| first.kind) else {
            return Err(Status::invalid_argument("the first message subscribes"));
        };
        check_symbol(&subscribe.symbol)?;
        let open = Open("the subscription is dropped");
        if let Self::Stuck = self {
            std::future::pending::<()>().await;
        }
        let later = Watched::new(self.changes(), requests).events();
        let current = stream::iter([Ok(Watched::price(self.current()))]);
        let events = current.chain(later).inspect(move |_| {
            let _held = &open;
        });
        Ok(Response::new(events.boxed()))
    }

    // ANCHOR: publish
    async fn publish(
        &self,
        request: Request<Streaming<StockPrice>>,
    ) -> Result<Response<PublishResponse>, Status> {
        let mut prices = request.into_inner();
        let mut count = 0;
        while let Some(price) = prices.message().await? {
            check_symbol(&price.symbol)?;
            count += 1;
        }
        // Wrong, as lesson 06 shows: `None` is not proof that the client has sent all.
        info!(
            published = count,
            "the end of the upload, Ok(None): publishes {count}"
        );
        Ok(Response::new(PublishResponse { count }))
    }
    // ANCHOR_END: publish
}
