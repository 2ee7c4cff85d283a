//! How a server ends: Ctrl-C, as an operator types it. The signal itself is sent on Unix only.

use std::net::TcpStream;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_client::StockServiceClient;

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

#[test]
fn ctrl_c_tells_the_streams_that_can_be_told() {
    let served = Served::start(Lesson::numbered("19"), &[]);
    let (code, end) = block_on(async {
        let mut client = StockServiceClient::connect(format!("http://{}", served.addr))
            .await
            .expect("it listens");
        let symbol = "ACME".to_owned();
        let prices = client.get_real_time_prices(StockRequest { symbol }).await;
        let mut prices = prices.expect("it serves").into_inner();
        served.interrupt();
        let end = loop {
            match prices.message().await {
                Ok(Some(_)) => {}
                other => break other,
            }
        };
        (served.ended().1, end)
    });
    assert_eq!(code, Some(0));
    let status = end.expect_err("prices have no end");
    assert_eq!(status.code(), Code::Unavailable, "{status}");
}

#[test]
fn ctrl_c_ends_a_server_whose_connection_never_sent_a_byte() {
    let served = lesson01();
    let connection = TcpStream::connect(served.addr).expect("it listens");
    // So that the connection has been accepted.
    block_on(async { chat_is_unknown(&served).await });
    served.interrupt();
    assert_eq!(served.ended().1, Some(0));
    drop(connection);
}

/// A call on another connection, which is accepted after those before it.
async fn chat_is_unknown(served: &Served) {
    let mut client = ChatServiceClient::connect(format!("http://{}", served.addr))
        .await
        .expect("it listens");
    let (say, said) = mpsc::channel(1);
    drop(say);
    let status = client.chat(ReceiverStream::new(said)).await.map(|_| ());
    assert_eq!(
        status.expect_err("no chat here").code(),
        Code::Unimplemented
    );
}
