//! What tonic asks of the layers around a server's services, said once.

use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{Body as HttpBody, Bytes, Service, StdError};
use tonic::service::Routes;
use tower::Layer;

/// A layer with which a `Router<L>` can be served: the bounds of tonic's
/// `Router::serve_with_incoming_shutdown`. Every layer that meets them is one.
pub trait ServerLayer:
    Layer<Routes, Service = Self::Served> + Clone + Send + Sync + 'static
{
    /// The services with the layer around them.
    type Served: Service<
            Request<Body>,
            Response = Response<Self::ResponseBody>,
            Error: Into<StdError> + Send,
            Future: Send,
        > + Clone
        + Send
        + 'static;
    /// What they answer with.
    type ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError>> + Send + 'static;
}

impl<L, S, B> ServerLayer for L
where
    L: Layer<Routes, Service = S> + Clone + Send + Sync + 'static,
    S: Service<Request<Body>, Response = Response<B>, Error: Into<StdError> + Send, Future: Send>
        + Clone
        + Send
        + 'static,
    B: HttpBody<Data = Bytes, Error: Into<StdError>> + Send + 'static,
{
    type Served = S;
    type ResponseBody = B;
}
