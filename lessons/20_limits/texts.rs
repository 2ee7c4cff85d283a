//! Texts and metadata that are larger than what the other side reads of headers.

use futures::stream::{self, StreamExt as _};
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Code, Request, Response, Status};
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_server::{StockService, StockServiceServer};

use super::feed::Prices;
use super::market::{DAY, QUIET};

/// A report that goes into the status as it is. The client reads 16 KiB of headers, with their names
/// and 32 bytes a header counted.
const REPORT: usize = 16_300;
/// A report as a compiler or a database writes it.
const LONG_REPORT: usize = 100_000;

/// What becomes of a report before it goes into a status.
type Edit = fn(String) -> String;

/// Refuses calls, and says at length why.
pub struct Verbose(Edit);

#[tonic::async_trait]
impl StockService for Verbose {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        let fails = |code, bytes| Status::new(code, self.0("x".repeat(bytes)));
        match request.into_inner().symbol.as_str() {
            "NONE" => Err(fails(Code::InvalidArgument, REPORT)),
            "HALT" => {
                let status = fails(Code::DataLoss, REPORT);
                let prices = DAY.prices("HALT").take(1);
                Ok(Response::new(
                    prices.chain(stream::iter([Err(status)])).boxed(),
                ))
            }
            "BOOK" => Err(fails(Code::InvalidArgument, LONG_REPORT)),
            symbol => Ok(Response::new(QUIET.prices(symbol))),
        }
    }
}

// ANCHOR: as_it_is
/// Wrong: a status is sent as headers, and the peer limits those.
pub fn as_it_is() -> Router {
    Server::builder().add_service(StockServiceServer::new(Verbose(|report| report)))
}
// ANCHOR_END: as_it_is

// ANCHOR: brief
/// How long the text of a status may be, in bytes. gRPC sends a byte that is not printable ASCII as
/// three, so this is at most 3 KiB of the 8 KiB that some peers and proxies read of headers.
const TEXT: usize = 1024;
/// What this server reads of a request's headers, in bytes.
const HEADERS: u32 = 32 * 1024;

/// A status has a short text, and metadata may be larger than tonic expects.
///
/// Costs the reader the rest of the report: log it, or offer it by a method of its own.
pub fn brief() -> Router {
    Server::builder()
        .http2_max_header_list_size(HEADERS)
        .add_service(StockServiceServer::new(Verbose(cut)))
}

fn cut(mut report: String) -> String {
    let fits = |end: &usize| report.is_char_boundary(*end);
    if let Some(end) = (0..=TEXT.min(report.len())).rev().find(fits) {
        report.truncate(end);
    }
    report
}
// ANCHOR_END: brief
