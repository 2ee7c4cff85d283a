//! A chat server that sends back what it gets.

use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::thread;

use futures::Stream;
use tokio::sync::oneshot;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::DESCRIPTORS;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};

struct Echo;

#[tonic::async_trait]
impl ChatService for Echo {
    type ChatStream = Pin<Box<dyn Stream<Item = Result<ChatMessage, Status>> + Send>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let echo = request.into_inner().map(|message| {
            let message = message?;
            if message.content.is_empty() {
                return Err(Status::invalid_argument("say something"));
            }
            Ok(message)
        });
        Ok(Response::new(Box::pin(echo)))
    }
}

/// The version of reflection that a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reflection {
    V1,
    /// As servers before 2023.
    V1Alpha,
    None,
}

/// A server; it ends when this is dropped.
pub struct Served {
    pub addr: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Served {
    pub fn start() -> Self {
        Self::with_reflection(Reflection::V1)
    }

    pub fn with_reflection(version: Reflection) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let addr = listener.local_addr().expect("it is bound");
        listener.set_nonblocking(true).expect("the system can");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system gives us a runtime");
        let (end, ended) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let reflection = || {
                tonic_reflection::server::Builder::configure()
                    .register_encoded_file_descriptor_set(DESCRIPTORS)
            };
            let v1 = (version == Reflection::V1)
                .then(|| reflection().build_v1().expect("the descriptors are whole"));
            let v1alpha = (version == Reflection::V1Alpha).then(|| {
                reflection()
                    .build_v1alpha()
                    .expect("the descriptors are whole")
            });
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener);
                let incoming = TcpListenerStream::new(listener.expect("it does not block"));
                let serving = Server::builder()
                    .add_service(ChatServiceServer::new(Echo))
                    .add_optional_service(v1)
                    .add_optional_service(v1alpha)
                    .serve_with_incoming(incoming);
                tokio::select! {
                    biased;
                    _ = ended => {}
                    served = serving => served.expect("it serves"),
                }
            });
        });
        Self {
            addr,
            end: Some(end),
            thread: Some(thread),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
