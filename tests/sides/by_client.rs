//! The ends that a client makes. The server reads a request stream; see `service.rs`.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use workbook::lab::Lab;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::service::{End, client};
use super::{Notes, failed, row};

const SECOND: Duration = Duration::from_secs(1);

pub fn rows() -> String {
    [
        row("half-close: every sender is dropped", half_close),
        row("the producer of the requests panics", producer_panics),
        row("the call's future is dropped", call_dropped),
        row("the cancellation handle is used", cancelled),
        row("`set_timeout` runs out before the answer", timed_out),
        row(
            "the response stream is dropped (server streaming)",
            response_dropped,
        ),
        row("a message is over the server's limit", too_long),
        row("the connection breaks", breaks),
        row("the client vanishes; the server has a keepalive", vanishes),
    ]
    .concat()
}

type Sender = mpsc::Sender<StreamRequest>;

fn requests() -> (Sender, ReceiverStream<StreamRequest>) {
    let (sender, receiver) = mpsc::channel(4);
    (sender, ReceiverStream::new(receiver))
}

async fn send_three(sender: &Sender) {
    for _ in 0..3 {
        let _ = sender.send(StreamRequest::default()).await;
    }
    sleep(SECOND).await;
}

fn answered(answer: Result<Response<StreamResponse>, Status>) -> String {
    match answer {
        Ok(_) => "the answer".to_owned(),
        Err(status) => failed(&status),
    }
}

/// Calls, and does something meanwhile; what the call came to, or that it was dropped.
async fn record(lab: &Lab, notes: &Notes, meanwhile: impl AsyncFnOnce(Sender)) -> String {
    let mut client = client(lab, notes, End::Well).await;
    let (sender, requests) = requests();
    let call = client.record(requests);
    let meanwhile = async {
        meanwhile(sender).await;
        std::future::pending::<()>().await;
    };
    let answer = tokio::select! {
        biased;
        answer = call => answered(answer),
        () = meanwhile => String::new(),
    };
    sleep(SECOND * 60).await;
    answer
}

async fn half_close(lab: Lab, notes: Notes) -> String {
    record(&lab, &notes, async |sender| send_three(&sender).await).await
}

async fn producer_panics(lab: Lab, notes: Notes) -> String {
    record(&lab, &notes, async |sender| {
        let feeder = tokio::spawn(async move {
            send_three(&sender).await;
            std::panic::resume_unwind(Box::new("the feeder is broken"))
        });
        let _: Result<(), _> = feeder.await;
    })
    .await
}

async fn call_dropped(lab: Lab, notes: Notes) -> String {
    let mut client = client(&lab, &notes, End::Well).await;
    let (sender, requests) = requests();
    let call = async { tokio::join!(client.record(requests), send_three(&sender)) };
    let dropped = timeout(SECOND * 2, call).await.is_err();
    sleep(SECOND * 60).await;
    assert!(dropped, "the server waits for more");
    "– (it is gone)".to_owned()
}

async fn cancelled(lab: Lab, notes: Notes) -> String {
    let mut client = client(&lab, &notes, End::Well).await;
    let (sender, requests) = requests();
    let mut request = Request::new(requests);
    let handle = request.cancellation_handle();
    let cancel = async {
        send_three(&sender).await;
        handle.cancel();
    };
    let (answer, ()) = tokio::join!(client.record(request), cancel);
    sleep(SECOND * 60).await;
    answered(answer)
}

async fn timed_out(lab: Lab, notes: Notes) -> String {
    let mut client = client(&lab, &notes, End::Well).await;
    let (sender, requests) = requests();
    let mut request = Request::new(requests);
    request.set_timeout(SECOND * 2);
    let (answer, ()) = tokio::join!(client.record(request), send_three(&sender));
    sleep(SECOND * 60).await;
    answered(answer)
}

async fn response_dropped(lab: Lab, notes: Notes) -> String {
    let mut client = client(&lab, &notes, End::Never).await;
    let mut replies = client
        .list(StreamRequest::default())
        .await
        .expect("the server answers")
        .into_inner();
    let _ = replies.message().await;
    sleep(SECOND * 2).await;
    drop(replies);
    sleep(SECOND * 60).await;
    "– (it is gone)".to_owned()
}

async fn too_long(lab: Lab, notes: Notes) -> String {
    record(&lab, &notes, async |sender| {
        let name = "x".repeat(4 * 1024 * 1024);
        let pt = Some(StreamPoint { name, value: 0 });
        let _ = sender.send(StreamRequest { pt }).await;
        std::future::pending::<()>().await;
    })
    .await
}

async fn breaks(lab: Lab, notes: Notes) -> String {
    let fault = lab.clone();
    record(&lab, &notes, async |sender| {
        send_three(&sender).await;
        fault.cut();
        std::future::pending::<()>().await;
    })
    .await
}

async fn vanishes(lab: Lab, notes: Notes) -> String {
    let fault = lab.clone();
    record(&lab, &notes, async |sender| {
        send_three(&sender).await;
        fault.partition();
        // The client's own keepalive would be next.
        sleep(SECOND * 60).await;
        drop(sender);
    })
    .await
}
