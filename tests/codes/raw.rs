//! A server that speaks HTTP/2 and need not speak gRPC, and a call to it.

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use hyper_util::rt::TokioIo;
use tokio::runtime::{Builder, Runtime};
use tonic::codegen::http::{HeaderMap, HeaderValue, Request, Response};
use tonic::transport::{Channel, Endpoint, Uri};
use tonic::{Code, Status};
use tower::service_fn;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

/// Bytes that may be under way in each direction: more than any of these answers has.
const PIPE: usize = 64 * 1024;

/// What the server does with the one call that it gets.
pub enum Answer {
    /// An HTTP status and no gRPC.
    Http(u16),
    /// A reset in place of an answer.
    Reset(Reason),
    /// A gRPC answer whose trailers have this grpc-status, or none.
    Trailers(Option<&'static str>),
    /// A gRPC answer whose only message is these bytes, its five bytes of prefix included.
    Message(&'static [u8]),
    /// The connection is shut down (GOAWAY) and closed.
    Goodbye,
}

/// One thread, and a clock that stands still while anything can run.
pub fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("the system gives us a runtime")
}

/// The code that a unary call ends with.
pub fn code_of(answer: Answer) -> Code {
    runtime().block_on(async {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let serving = tokio::spawn(async move {
            let mut connection = h2::server::handshake(theirs).await?;
            if let Some(call) = connection.accept().await {
                let (request, respond) = call?;
                answer_with(answer, &request, respond, &mut connection);
            }
            // Until the client has had enough.
            while connection.accept().await.transpose()?.is_some() {}
            Ok::<(), h2::Error>(())
        });
        let status = call(connected_to(ours).await).await;
        serving.abort();
        status.code()
    })
}

fn answer_with(
    answer: Answer,
    _: &Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    connection: &mut h2::server::Connection<tokio::io::DuplexStream, Bytes>,
) {
    let grpc = || {
        Response::builder()
            .header("content-type", "application/grpc")
            .body(())
            .expect("a plain response")
    };
    let broken = "the client is still there";
    match answer {
        Answer::Http(status) => {
            let plain = Response::builder().status(status).body(());
            let plain = plain.expect("a plain response");
            respond.send_response(plain, true).expect(broken);
        }
        Answer::Reset(reason) => respond.send_reset(reason),
        Answer::Trailers(status) => {
            let mut stream = respond.send_response(grpc(), false).expect(broken);
            let mut trailers = HeaderMap::new();
            if let Some(status) = status {
                trailers.insert("grpc-status", HeaderValue::from_static(status));
            }
            stream.send_trailers(trailers).expect(broken);
        }
        Answer::Message(bytes) => {
            let mut stream = respond.send_response(grpc(), false).expect(broken);
            stream
                .send_data(Bytes::from_static(bytes), true)
                .expect(broken);
        }
        Answer::Goodbye => connection.abrupt_shutdown(Reason::NO_ERROR),
    }
}

async fn connected_to(pipe: tokio::io::DuplexStream) -> Channel {
    let mut pipe = Some(pipe);
    Endpoint::from_static("http://raw")
        .connect_with_connector(service_fn(move |_: Uri| {
            let pipe = pipe.take().ok_or("there is one connection");
            async move { pipe.map(TokioIo::new) }
        }))
        .await
        .expect("a pipe connects")
}

/// Calls, and says how that failed; OK where it did not.
pub async fn call(channel: Channel) -> Status {
    let mut client = GreeterServiceClient::new(channel);
    match client.say_hi(SayHiRequest::default()).await {
        Ok(_) => Status::ok(""),
        Err(status) => status,
    }
}
