//! CORS: which pages of other origins may call, and what they may read of an answer.

use std::convert::Infallible;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use tonic::codegen::Service;
use tonic::codegen::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use tonic::codegen::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use tower::Layer;

/// What a gRPC-Web client sends beside what every page may send: its content-type, and what connect-web
/// adds.
const ALLOWED: HeaderValue =
    HeaderValue::from_static("content-type, x-grpc-web, x-user-agent, grpc-timeout");
/// What a page may not read unless it is named here. A call that is refused at once has its status in
/// these headers.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("grpc-status, grpc-message, grpc-status-details-bin");
/// Seconds for which a browser need not ask again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

// ANCHOR: cors
/// Lets pages call that this machine has served, and no others.
#[derive(Debug, Clone, Copy)]
pub struct Cors {
    /// Pages from a file, whose origin is `null`. So is that of a sandboxed frame of any page: where
    /// answers are worth reading, leave it out.
    pub files: bool,
    /// Whether a page may read the status of a call that is refused at once.
    pub exposes: bool,
}

impl Cors {
    fn allows(self, origin: &HeaderValue) -> bool {
        if origin == "null" {
            return self.files;
        }
        let url = origin.to_str().ok().and_then(|url| url.parse::<Uri>().ok());
        url.is_some_and(|url| {
            let schemes = ["http", "https"];
            let hosts = ["localhost", "127.0.0.1", "[::1]"];
            url.scheme_str()
                .is_some_and(|scheme| schemes.contains(&scheme))
                && url.host().is_some_and(|host| hosts.contains(&host))
        })
    }

    /// Adds what a browser must read before it lets the page read the answer.
    fn adds_to(self, headers: &mut HeaderMap, origin: Option<HeaderValue>) {
        // For caches: the answer depends on who asks.
        headers.append(VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            if self.exposes {
                headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            }
        }
    }
}
// ANCHOR_END: cors

impl<S> Layer<S> for Cors {
    type Service = WithCors<S>;

    fn layer(&self, inner: S) -> WithCors<S> {
        WithCors { cors: *self, inner }
    }
}

#[derive(Clone)]
pub struct WithCors<S> {
    cors: Cors,
    inner: S,
}

// ANCHOR: layer
impl<S, B, R> Service<Request<B>> for WithCors<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible, Future: Send + 'static>,
    R: Default + Send + 'static,
{
    type Response = Response<R>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<R>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let cors = self.cors;
        let headers = request.headers();
        let origin = headers.get(ORIGIN).cloned();
        let origin = origin.filter(|origin| cors.allows(origin));
        // The browser's own question before the call, the preflight. No service knows it.
        if request.method() == Method::OPTIONS
            && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        {
            let mut answer = Response::new(R::default());
            *answer.status_mut() = StatusCode::NO_CONTENT;
            let headers = answer.headers_mut();
            if origin.is_some() {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
                headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
            }
            cors.adds_to(headers, origin);
            return Box::pin(async { Ok(answer) });
        }
        let answered = self.inner.call(request);
        Box::pin(async move {
            let mut answer = answered.await?;
            cors.adds_to(answer.headers_mut(), origin);
            Ok(answer)
        })
    }
}
// ANCHOR_END: layer
