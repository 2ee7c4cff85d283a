//! `TradeService`: the trades of the exchange as a stream.

use futures::StreamExt as _;
use tonic::{Request, Response, Status};
use tracing::info;
use workbook::proto::stocks::TradesRequest;
use workbook::proto::stocks::trade_service_server::TradeService;

use super::exchange::Exchange;
use super::trade::{Item, Trades};

#[tonic::async_trait]
impl TradeService for Exchange {
    type GetTradesStream = Trades;

    async fn get_trades(
        &self,
        request: Request<TradesRequest>,
    ) -> Result<Response<Trades>, Status> {
        if request.into_inner().symbol != "ACME" {
            return Err(Status::not_found("there is no such symbol: try ACME"));
        }
        let (trades, session) = self
            .subscribe()
            .ok_or_else(|| Status::unavailable("the exchange has closed"))?;
        let open = Open;
        let hold = move |_: &Item| {
            let _held = (&session, &open);
        };
        Ok(Response::new(trades.inspect(hold).boxed()))
    }
}

/// Logs when the response stream is dropped.
struct Open;

impl Drop for Open {
    fn drop(&mut self) {
        info!(step = "stream_dropped", "a response stream is dropped");
    }
}
