//! What a browser does for a page, played by hyper's HTTP/1.1 client: one request, its headers, and the
//! chunks of the answer's body as they come.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio_util::bytes::Bytes;
use tokio_util::task::AbortOnDropHandle;
use tonic::codegen::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use tonic::codegen::http::{HeaderMap, Request, StatusCode};
use tracing::Instrument as _;
use workbook::{Failure, Network};

use super::frame;

/// Where the book is when mdBook serves it.
pub const BOOK: &str = "http://localhost:3000";
const LIST: &str = "/stream.v1.StreamService/List";
pub const BINARY: &str = "application/grpc-web+proto";
pub const TEXT: &str = "application/grpc-web-text+proto";

/// An answer whose body has not been read. Dropping it closes the connection, as an abort in a page does.
pub struct Fetched {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Incoming,
    _connection: AbortOnDropHandle<()>,
}

impl Fetched {
    /// The next chunk of the body; None at its end, an error where the connection breaks.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, hyper::Error> {
        while let Some(frame) = self.body.frame().await {
            // A page is not shown HTTP's own trailers.
            if let Ok(chunk) = frame?.into_data() {
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }
}

/// Calls `List` of the server at that host.
pub async fn list(
    network: &Network,
    host: &str,
    name: &str,
    value: i32,
) -> Result<Fetched, Failure> {
    let body = frame::request(name, value);
    fetch(network, host, post(BINARY, body)?).await
}

/// The same in the text form: base64 both ways.
pub async fn list_as_text(network: &Network, host: &str, value: i32) -> Result<Fetched, Failure> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let body = STANDARD.encode(frame::request("", value));
    fetch(network, host, post(TEXT, body.into())?).await
}

fn post(content_type: &str, body: Bytes) -> Result<Request<Full<Bytes>>, Failure> {
    let request = Request::post(LIST)
        .header(CONTENT_TYPE, content_type)
        .header("accept", content_type);
    request.body(Full::new(body)).map_err(other)
}

/// The browser's question before a call from a page of that origin.
pub async fn preflight(network: &Network, host: &str, origin: &str) -> Result<Fetched, Failure> {
    let request = Request::options(LIST)
        .header(ORIGIN, origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let request = request.body(Full::default()).map_err(other)?;
    fetch_from(network, host, request, origin).await
}

async fn fetch(
    network: &Network,
    host: &str,
    request: Request<Full<Bytes>>,
) -> Result<Fetched, Failure> {
    fetch_from(network, host, request, BOOK).await
}

async fn fetch_from(
    network: &Network,
    host: &str,
    mut request: Request<Full<Bytes>>,
    origin: &str,
) -> Result<Fetched, Failure> {
    let stream = network.connect(host).await.map_err(other)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(other)?;
    let connection = async {
        // How it ends is what the answer's body says.
        let _ = connection.await;
    };
    let connection = AbortOnDropHandle::new(tokio::spawn(connection.in_current_span()));
    request
        .headers_mut()
        .insert(HOST, host.parse().map_err(other)?);
    request
        .headers_mut()
        .insert(ORIGIN, origin.parse().map_err(other)?);
    let (head, body) = sender
        .send_request(request)
        .await
        .map_err(other)?
        .into_parts();
    Ok(Fetched {
        status: head.status,
        headers: head.headers,
        body,
        _connection: connection,
    })
}

/// An error with its cause, in one line.
fn other(error: impl std::error::Error) -> Failure {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    Failure::Other(text)
}
