//! Where the exercise gets its prices from.

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use workbook::proto::stocks::StockPrice;

/// A stream of prices, as the feed gives it and as the service answers with it.
pub type Prices = BoxStream<'static, Result<StockPrice, Status>>;

/// A feed of prices. It may take its time to open, and opening costs it something.
pub trait Feed: Send + Sync {
    /// The prices of one symbol, or why there are none.
    fn open(&self, symbol: String) -> BoxFuture<'static, Result<Prices, Status>>;
}
