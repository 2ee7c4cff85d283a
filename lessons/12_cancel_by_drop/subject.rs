//! The exercise, as its check and `serve --mine` use it.

use tonic::service::Routes;
use workbook::proto::stocks::stock_service_server::StockServiceServer;

use super::check::Subject;
use super::exercise::Ticker;

pub const SUBJECT: Subject = |exchange| Routes::new(StockServiceServer::new(Ticker { exchange }));
