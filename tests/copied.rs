//! What the lessons recommend for copying can be copied: its futures are `Send`, because a tonic handler
//! is one and `tokio::spawn` takes no other, and no argument makes it panic.
//!
//! What a lesson's own handlers call, and what is returned as a `BoxStream`, is `Send` already, or the
//! lesson would not compile. Here are the others: clients, and what a solution's check drives itself.

use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{self, BoxStream};
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Streaming};
use workbook::graceful::End;
use workbook::grade::Peer;
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stream::{StreamRequest, StreamResponse};

use crate::follower::lesson as resumes;

/// Mounts files beside each other, as their lesson does.
macro_rules! mounted {
    ($lesson:ident: $($module:ident $path:literal),*) => {
        #[path = "."]
        mod $lesson {
            $(
                #[path = $path]
                #[allow(dead_code, reason = "the scenes and the check use all of it")]
                pub mod $module;
            )*
        }
    };
}

mounted! { upload:
    chunks "../lessons/03_client_streaming/chunks.rs",
    solution "../solutions/03_client_streaming/solution.rs"
}
mounted! { chat: solution "../solutions/04_bidi_streaming/solution.rs" }
mounted! { ends:
    producer "../lessons/05_three_ends/producer.rs",
    fixed "../lessons/05_three_ends/fixed.rs",
    solution "../solutions/05_three_ends/solution.rs"
}
mounted! { first_message:
    hello "../lessons/08_call_that_never_returns/hello.rs",
    fixed "../lessons/08_call_that_never_returns/fixed.rs",
    solution "../solutions/08_call_that_never_returns/solution.rs"
}
mounted! { both_sides:
    fixed "../lessons/10_both_sides_sending/fixed.rs",
    solution "../solutions/10_both_sides_sending/solution.rs"
}
mounted! { neighbours:
    calls "../lessons/11_frozen_neighbour/calls.rs",
    fixed "../lessons/11_frozen_neighbour/fixed.rs",
    network "../lessons/11_frozen_neighbour/network.rs",
    solution "../solutions/11_frozen_neighbour/solution.rs"
}
mounted! { shutdown:
    exchange "../lessons/19_shutdown/exchange.rs",
    whole "../lessons/19_shutdown/whole.rs"
}
mounted! { contexts:
    fixed "../lessons/14_one_context_for_the_call/fixed.rs",
    solution "../solutions/14_one_context_for_the_call/solution.rs"
}
mounted! { silence:
    fixed "../lessons/17_silence/fixed.rs",
    price_log "../lessons/17_silence/price_log.rs",
    times "../lessons/17_silence/times.rs",
    solution "../solutions/17_silence/solution.rs"
}
mounted! { limits: solution "../solutions/15_deadlines/solution.rs" }

/// Compiles only for what may move to another thread between two polls.
fn is_send<T: Send>(_: T) {}

/// Is compiled and not called: only the types matter.
#[allow(dead_code, reason = "the compiler is the test")]
fn futures_are_send(
    channel: impl Fn() -> Channel,
    messages: impl Fn() -> BoxStream<'static, ChatMessage>,
    numbers: impl Fn() -> Streaming<StreamResponse>,
    more: fn(u64) -> resumes::follow::Opening<StreamResponse>,
    inbox: &dyn resumes::inbox::Inbox,
    network: neighbours::network::Network,
) {
    const LIMIT: Duration = Duration::from_secs(1);
    let chat = || ChatServiceClient::new(channel());

    let files = workbook::proto::files::file_service_client::FileServiceClient::new(channel());
    let file = upload::chunks::Chunks::new("note.txt", tokio::io::empty());
    is_send(upload::solution::upload(files, file));
    let lines = stream::empty::<String>();
    is_send(chat::solution::chat(chat(), "ada", lines, drop));

    is_send(ends::fixed::read_all(numbers()));
    is_send(ends::solution::read_all(numbers()));

    is_send(first_message::fixed::queue_first(chat()));
    is_send(first_message::fixed::spawn_the_call(chat()));
    let produce = async || ChatMessage::default();
    is_send(first_message::fixed::queue_with_a_bound(chat(), produce));
    is_send(first_message::solution::follow(
        channel(),
        messages(),
        LIMIT,
        drop,
    ));

    is_send(both_sides::fixed::send_while_reading(
        chat(),
        1,
        [ChatMessage::default()],
    ));
    let (next, show) = (async || None, async |_| ());
    is_send(both_sides::solution::exchange(channel(), next, show));

    let two = neighbours::fixed::TwoChannels::new(channel(), channel());
    is_send(two.download("file"));
    is_send(two.greet("Ada"));
    is_send(async move {
        let client = neighbours::solution::Client::new(network).await?;
        client.download("file").await?;
        client.greet("Ada").await
    });

    let (client, source) = (chat(), stream::empty());
    is_send(async move {
        let mut call = contexts::fixed::Subscription::open(client, source).await?;
        call.next().await
    });
    let quotes = workbook::proto::stocks::quote_service_client::QuoteServiceClient::new(channel());
    is_send(silence::fixed::watch(quotes, "ACME"));
    let own = channel();
    is_send(async move {
        let mut prices = silence::solution::Subscription::open(own, "ACME").await?;
        prices.next().await
    });
    is_send(contexts::solution::Subscription::open(
        channel(),
        messages(),
    ));
    is_send(contexts::solution::all_or_none(vec![
        async { Ok(()) }.boxed(),
    ]));

    let mut follower = resumes::follow::Follower::new(
        1,
        more,
        |_: &StreamResponse| 1,
        resumes::backoff::Policy::default(),
        resumes::jitter::Jitter::random(),
    );
    is_send(async move { follower.next().await });
    is_send(resumes::solution::follow(
        EventServiceClient::new(channel()),
        inbox,
        resumes::jitter::Jitter::random(),
    ));

    let limits = limits::solution::Limits {
        total: LIMIT,
        idle: LIMIT,
    };
    is_send(limits::solution::list(
        channel(),
        StreamRequest::default(),
        limits,
        drop,
    ));
}

#[test]
fn a_queue_without_a_place_holds_one_message() {
    let got = Lab::new().run(async |lab| {
        let channel = Peer::new().echoes().meet(&lab).await.expect("it serves");
        let client = ChatServiceClient::new(channel);
        let messages = [ChatMessage::default(), ChatMessage::default()];
        both_sides::fixed::send_while_reading(client, 0, messages).await
    });
    assert_eq!(got.expect("an echo"), 2);
}

#[test]
fn a_whole_server_tells_its_streams_and_ends() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("the system has a runtime").block_on(async {
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let addr = incoming.local_addr().expect("it is bound");
        let (signal, signalled) = tokio::sync::oneshot::channel::<()>();
        let signalled = async {
            signalled.await.expect("it is sent");
        };
        let client = async {
            let client = StockServiceClient::connect(format!("http://{addr}")).await;
            let symbol = "ACME".to_owned();
            let prices = client
                .expect("it listens")
                .get_real_time_prices(StockRequest { symbol })
                .await;
            let mut prices = prices.expect("it serves").into_inner();
            signal.send(()).expect("it waits");
            loop {
                match prices.message().await {
                    Ok(Some(_)) => {}
                    other => return other,
                }
            }
        };
        let serving = shutdown::whole::run(incoming, signalled, Duration::ZERO);
        let (ended, end) = tokio::join!(serving, client);
        assert_eq!(ended.expect("it ends well"), End::Drained);
        assert_eq!(
            end.expect_err("prices have no end").code(),
            Code::Unavailable
        );
    });
}
