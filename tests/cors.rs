//! The promises of lesson 25's CORS: only pages of this machine may call, and what they may read.

#[allow(dead_code, reason = "the lesson uses more of it")]
#[path = "../lessons/25_browser/cors.rs"]
mod layer;

use std::convert::Infallible;

use tonic::body::Body;
use tonic::codegen::Service as _;
use tonic::codegen::http::{Method, Request, Response, StatusCode};
use tower::Layer as _;

use layer::Cors;

/// Everything allowed that can be.
const OPEN: Cors = Cors {
    files: true,
    exposes: true,
};

/// The answer of a service behind the layer, which says that it was called with status 418.
async fn answer(cors: Cors, method: Method, headers: &[(&'static str, &str)]) -> Response<Body> {
    let inner = tower::service_fn(async |_: Request<Body>| {
        let mut called = Response::new(Body::default());
        *called.status_mut() = StatusCode::IM_A_TEAPOT;
        Ok::<_, Infallible>(called)
    });
    let mut request = Request::new(Body::default());
    *request.method_mut() = method;
    for (name, value) in headers {
        let value = value.parse().expect("it is a header's value");
        request.headers_mut().insert(*name, value);
    }
    let answered = cors.layer(inner).call(request).await;
    answered.unwrap_or_else(|never| match never {})
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> Option<&'a str> {
    let value = answer.headers().get(name)?;
    value.to_str().ok()
}

#[tokio::test]
async fn pages_of_this_machine_may_call_and_no_others() {
    let allowed = [
        "http://localhost:3000",
        "http://127.0.0.1",
        "https://localhost",
        "http://[::1]:3000",
        "null",
    ];
    let others = [
        "https://example.com",
        "http://localhost.example.com",
        "http://example.com:3000",
        "file://localhost",
        "localhost:3000",
        "",
    ];
    for (origin, may) in allowed
        .map(|origin| (origin, true))
        .into_iter()
        .chain(others.map(|origin| (origin, false)))
    {
        let answer = answer(OPEN, Method::POST, &[("origin", origin)]).await;
        let told = header(&answer, "access-control-allow-origin");
        assert_eq!(told, may.then_some(origin), "{origin}");
        assert_eq!(header(&answer, "vary"), Some("origin"), "{origin}");
    }
}

#[tokio::test]
async fn a_file_may_call_only_where_that_is_wanted() {
    let cors = Cors {
        files: false,
        ..OPEN
    };
    let answer = answer(cors, Method::POST, &[("origin", "null")]).await;
    assert_eq!(header(&answer, "access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_preflight_is_answered_and_calls_nothing() {
    let asks = ("access-control-request-method", "POST");
    for (origin, headers) in [
        ("http://localhost:3000", true),
        ("https://example.com", false),
    ] {
        let answer = answer(OPEN, Method::OPTIONS, &[("origin", origin), asks]).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let told = header(&answer, "access-control-allow-headers");
        assert_eq!(told.is_some(), headers, "{origin}");
    }
    let plain = answer(OPEN, Method::OPTIONS, &[]).await;
    assert_eq!(plain.status(), StatusCode::IM_A_TEAPOT, "no preflight");
}

#[tokio::test]
async fn the_status_is_exposed_unless_it_is_not_wanted() {
    let origin = [("origin", "http://localhost:3000")];
    let exposed = answer(OPEN, Method::POST, &origin).await;
    let names = header(&exposed, "access-control-expose-headers");
    assert!(names.is_some_and(|names| names.starts_with("grpc-status, grpc-message")));
    let cors = Cors {
        exposes: false,
        ..OPEN
    };
    let hidden = answer(cors, Method::POST, &origin).await;
    assert_eq!(header(&hidden, "access-control-expose-headers"), None);
}
