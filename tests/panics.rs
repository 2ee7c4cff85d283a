//! A producer task that panics does not end its stream with OK (lesson 05), in any later lesson's fix.

use std::panic::resume_unwind;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tonic::{Code, Status};
use workbook::proto::chat::ChatMessage;

/// The files of lesson 09 that its fixes consist of.
#[path = "../lessons/09_backpressure"]
#[allow(dead_code, reason = "the lesson's scenes use all of it")]
mod backpressure {
    pub mod chunks;
    pub mod fixed;
}

#[path = "../lessons/12_cancel_by_drop"]
#[allow(dead_code, reason = "the lesson's scenes use all of it")]
mod cancel_by_drop {
    pub mod price;
}

#[path = "../lessons/13_leaked_tasks"]
#[allow(dead_code, reason = "the lesson's scenes use all of it")]
mod leaked_tasks {
    pub mod messages;
}

/// Without the panic hook, which would print it as a failure of this test.
fn panics() -> ! {
    resume_unwind(Box::new("the test says so"))
}

async fn end_of<T>(mut stream: BoxStream<'static, Result<T, Status>>) -> Option<Code> {
    while let Some(item) = stream.next().await {
        if let Err(status) = item {
            return Some(status.code());
        }
    }
    None
}

#[tokio::test(start_paused = true)]
async fn in_lesson_09() {
    use backpressure::{chunks::chunk, fixed};
    let file = (0..3).map(|number| if number < 2 { chunk(number) } else { panics() });
    for chunks in [fixed::with_a_bound(file.clone()), fixed::by_the_clock(file)] {
        assert_eq!(end_of(chunks).await, Some(Code::Internal));
    }
}

#[tokio::test(start_paused = true)]
async fn in_lesson_12() {
    use cancel_by_drop::price::{price, sent_by};
    let (prices, taken) = mpsc::channel(1);
    let task = tokio::spawn(async move {
        let _ = prices.send(Ok(price(100.0))).await;
        panics();
    });
    assert_eq!(end_of(sent_by(task, taken)).await, Some(Code::Internal));
}

#[tokio::test(start_paused = true)]
async fn in_lesson_13() {
    use leaked_tasks::messages::sent_by;
    let (messages, taken) = mpsc::channel(1);
    let task = tokio::spawn(async move {
        let _ = messages.send(Ok(ChatMessage::default())).await;
        panics();
    });
    assert_eq!(end_of(sent_by(task, taken)).await, Some(Code::Internal));
}
