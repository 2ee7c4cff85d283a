//! The servers of this lesson: how far each of them speaks to a page.

use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic_web::GrpcWebLayer;
use tower::layer::util::{Identity, Stack};
use workbook::Network;
use workbook::proto::stream::stream_service_server::StreamServiceServer;

use super::cors::Cors;
use super::numbers::Numbers;

/// Slow enough for a reader of the page to see the numbers come one by one.
const PACE: Duration = Duration::from_millis(500);

/// A router that speaks gRPC-Web.
pub type Web = Router<Stack<GrpcWebLayer, Stack<Cors, Identity>>>;

// ANCHOR: serves
/// What `serve` offers, on one port: gRPC over HTTP/2 as ever, and gRPC-Web for pages.
pub fn serves(_: &Network) -> Web {
    with_cors(CORS, Numbers::every(PACE))
}

/// The numbers that this server sends are worth nothing to a stranger, so it may also be called by the
/// book that was opened as a file.
const CORS: Cors = Cors {
    files: true,
    exposes: true,
};

fn with_cors(cors: Cors, numbers: Numbers) -> Web {
    Server::builder()
        // A page may come with HTTP/1.1: without TLS no browser speaks HTTP/2.
        .accept_http1(true)
        // The first layer is the outermost: a preflight is answered before gRPC-Web looks at it.
        .layer(cors)
        .layer(GrpcWebLayer::new())
        .add_service(StreamServiceServer::new(numbers))
}
// ANCHOR_END: serves

/// The same, and all numbers are ready at once.
pub fn at_once(_: &Network) -> Web {
    with_cors(CORS, Numbers::every(Duration::ZERO))
}

// ANCHOR: faulty
/// Wrong: HTTP/2 only, as every other lesson's server.
pub fn http2_only() -> Router {
    Server::builder().add_service(StreamServiceServer::new(Numbers::every(PACE)))
}

/// Wrong: accepts HTTP/1.1, and sends the status in trailers, which no page can read.
pub fn without_layer() -> Router {
    Server::builder()
        .accept_http1(true)
        .add_service(StreamServiceServer::new(Numbers::every(Duration::ZERO)))
}

/// Wrong: gRPC-Web, and no answer to the browser's question.
pub fn without_cors(_: &Network) -> Router<Stack<GrpcWebLayer, Identity>> {
    Server::builder()
        .accept_http1(true)
        .layer(GrpcWebLayer::new())
        .add_service(StreamServiceServer::new(Numbers::every(PACE)))
}

/// Wrong: the page may call, and may not read the status of a call that is refused at once.
pub fn unexposed(_: &Network) -> Web {
    let cors = Cors {
        exposes: false,
        ..CORS
    };
    with_cors(cors, Numbers::every(PACE))
}
// ANCHOR_END: faulty
