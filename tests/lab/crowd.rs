//! Many hosts at once: nothing is refused, forgotten or reordered without a word.

use std::sync::PoisonError;
use std::time::Instant as RealInstant;

use futures::future::join_all;
use futures::stream;
use tracing::Instrument as _;
use workbook::lab::{Host, Lab};
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::run::{Run, Scene, SceneHead};

use super::chat::{SECOND, channel, message, serve, watched};
use super::json::json;

#[test]
fn a_thousand_clients_on_ten_connections_take_less_than_a_second() {
    let play = || {
        let (lab, events) = watched();
        lab.run(async |lab| {
            serve(&lab, &["exchange"]);
            let mut channels = Vec::new();
            for number in 0..10 {
                channels.push(channel(&lab.host(&format!("relay{number}")), "exchange").await);
            }
            let clients = (0..1000).map(|number| {
                let channel = channels[number % channels.len()].clone();
                let host = lab.host(&format!("client{number}"));
                let span = host.span();
                async move {
                    let said = stream::iter([message(&number.to_string())]);
                    let chat = ChatServiceClient::new(channel).chat(said).await;
                    let mut heard = chat.expect("it answers").into_inner();
                    let echo = heard
                        .message()
                        .await
                        .expect("it is sound")
                        .expect("an echo");
                    tracing::info!("heard {}", echo.content);
                }
                .instrument(span)
            });
            join_all(clients).await;
        });
        let events = std::mem::take(&mut *events.lock().unwrap_or_else(PoisonError::into_inner));
        let head = SceneHead {
            name: "thousand".to_owned(),
            title: "a thousand clients on ten connections".to_owned(),
            hosts: Vec::new(),
            elide_after: None,
            shows_opening: false,
        };
        Run {
            scenes: vec![Scene { head, events }],
        }
    };
    let start = RealInstant::now();
    let first = play();
    let took = start.elapsed();
    // Thirty times what it may take: the machine may be busy.
    assert!(took < SECOND * 30, "{took:?}");
    assert!(
        json(&first) == json(&play()),
        "the same events in the same order"
    );
}

#[test]
fn more_connects_at_once_than_a_backlog_holds_are_all_accepted() {
    Lab::new().run(async |lab| {
        let host = lab.host("exchange");
        let mut listener = host.listen().expect("nothing listens there");
        let clients: Vec<Host> = (0..1500)
            .map(|number| lab.host(&format!("c{number}")))
            .collect();
        let connects = join_all(clients.iter().map(|client| client.connect("exchange")));
        let accepts = async {
            let mut accepted = Vec::new();
            for _ in 0..clients.len() {
                accepted.push(listener.accept().await.expect("a connection"));
            }
            accepted.len()
        };
        let (connected, accepted) = tokio::join!(connects, accepts);
        assert!(connected.iter().all(Result::is_ok));
        assert_eq!(accepted, 1500);
    });
}

#[test]
fn every_connection_can_be_looked_back_at_with_its_calls() {
    const BETWEEN: usize = 1100;
    Lab::new().run(async |lab| {
        serve(&lab, &["exchange"]);
        let ada = lab.host("ada");
        let call = async || {
            let mut client = ChatServiceClient::new(channel(&ada, "exchange").await);
            client.chat(stream::iter([])).await.expect("it answers");
        };
        call().await;
        for _ in 0..BETWEEN {
            drop(ada.connect("exchange").await.expect("it listens"));
        }
        call().await;
        assert_eq!(lab.calls().len(), 2);
        assert_eq!(lab.room_to_client().len(), BETWEEN + 2);
    });
}
