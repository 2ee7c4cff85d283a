//! How a server ends: Ctrl-C, as an operator types it. The signal itself is sent on Unix only.

use std::net::TcpStream;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::{block_on, lesson01};
use crate::support::program::Lesson;
use crate::support::served::Served;

#[test]
fn ctrl_c_ends_an_idle_server_at_once_with_exit_code_0() {
    let served = lesson01();
    served.interrupt();
    assert_eq!(served.ended(), ("ends\n".to_owned(), Some(0)));
}

/// A chat that lasts as long as the sender is kept.
async fn chat_with(served: &Served) -> (mpsc::Sender<ChatMessage>, Streaming<ChatMessage>) {
    let mut client = ChatServiceClient::connect(format!("http://{}", served.addr))
        .await
        .expect("it listens");
    let (say, said) = mpsc::channel(1);
    let heard = client
        .chat(ReceiverStream::new(said))
        .await
        .expect("it serves");
    (say, heard.into_inner())
}

#[test]
fn ctrl_c_refuses_new_connections_and_ends_with_the_last_call() {
    let mut served = Served::start(Lesson::numbered("04"), &[]);
    let addr = served.addr;
    let code = block_on(async {
        let (say, mut heard) = chat_with(&served).await;
        served.interrupt();
        served.read_until("1 call is open: ends with it");
        // The listener is closed as soon as the server's own task has run.
        while TcpStream::connect(addr).is_ok() {
            tokio::task::yield_now().await;
        }
        say.send(ChatMessage {
            content: "last words".to_owned(),
            ..Default::default()
        })
        .await
        .expect("the call is still open");
        drop(say);
        let mut contents = Vec::new();
        while let Some(message) = heard.message().await.expect("the call is still served") {
            contents.push(message.content);
        }
        assert_eq!(contents, ["welcome", "last words"]);
        served.ended().1
    });
    assert_eq!(code, Some(0));
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_the_calls() {
    let mut served = Served::start(Lesson::numbered("04"), &[]);
    let (code, end) = block_on(async {
        let (_say, mut heard) = chat_with(&served).await;
        served.interrupt();
        served.read_until("1 call is open");
        served.interrupt();
        let code = served.ended().1;
        let end = loop {
            match heard.message().await {
                Ok(Some(_)) => {}
                other => break other,
            }
        };
        (code, end)
    });
    assert_eq!(code, Some(0));
    assert!(
        end.is_err(),
        "a call that is cut off does not look like one that has ended"
    );
}
