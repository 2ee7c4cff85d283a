//! The exercise with its points and its server, and what is expected of the batches.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use prost::Message as _;
use tokio::time::{Instant, sleep};
use tonic::Status;
use tonic::transport::{Channel, Server};
use workbook::grade::{
    AN_INSTANT, Baseline, Finding, Verdict, after, baseline, count, ensure, within,
};
use workbook::lab::{Lab, Serving};
use workbook::proto::stream::point_service_client::PointServiceClient;
use workbook::proto::stream::point_service_server::PointServiceServer;

use super::server::{Plan, Recorder};
use super::source::{Points, Watch};
use super::{LONGEST, MOST_BYTES, MOST_POINTS, Subject};

/// The server's window for the call, in bytes: so small that a client soon has to wait for a server that does
/// not read.
const WINDOW: u32 = 128 * 1024;

/// No correct call takes longer than this after its last point, unless its server is slower still.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Sender {
    lab: Lab,
    send: Subject,
    client: PointServiceClient<Channel>,
    server: Recorder,
    serving: Cell<Option<Serving>>,
    points: Points,
    pub watch: Watch,
    before: Baseline,
}

impl Sender {
    pub async fn open(
        lab: &Lab,
        send: Subject,
        points: Points,
        plan: Plan,
    ) -> Result<Self, Finding> {
        let server = Recorder::new(plan);
        let router = Server::builder()
            .initial_stream_window_size(WINDOW)
            .add_service(PointServiceServer::new(server.clone()));
        let serving = lab.serve(router);
        let client = PointServiceClient::new(lab.channel().await?);
        sleep(AN_INSTANT).await;
        Ok(Self {
            lab: lab.clone(),
            send,
            client,
            server,
            serving: Cell::new(Some(serving)),
            points,
            watch: Watch::default(),
            before: baseline(lab),
        })
    }

    /// One call of the exercise.
    pub fn call(&self) -> impl Future<Output = Result<i32, Status>> + use<> {
        (self.send)(self.client.clone(), self.points.open(&self.watch))
    }

    /// A call whose points come to an end, after that time.
    pub async fn ends(&self, lasts: Duration) -> Result<Result<i32, Status>, Finding> {
        let what = "the call had not returned";
        within(lasts + PATIENCE, what, self.call()).await
    }

    /// Runs a call for so long, and drops it then if it has not returned. Silence meanwhile is no stall.
    pub async fn runs_for(&self, time: Duration) -> Option<Result<i32, Status>> {
        tokio::select! {
            biased;
            result = self.call() => Some(result),
            () = self.lab.sleep(time) => None,
        }
    }

    /// Drains the server, and waits until its connections have ended.
    pub async fn drain(&self) {
        if let Some(serving) = self.serving.take() {
            serving.drain().await;
        }
    }

    /// Expects that every point has arrived, once and in order.
    pub fn all_arrived(&self) -> Verdict {
        let batches = self.server.batches();
        let got = batches.iter().flat_map(|(_, batch)| &batch.points);
        for (got, due) in got.clone().zip(self.points.all()) {
            ensure(got == due, || {
                let (got, due) = (got.value, due.value);
                format!("point {got} arrived where point {due} was due")
            })?;
        }
        count(got.count(), "points that arrived").is(self.points.all().len())
    }

    /// Expects that no batch is too large.
    pub fn limits_are_kept(&self) -> Verdict {
        for (_, batch) in self.server.batches().iter() {
            count(batch.points.len(), "points in one batch")
                .at_most(MOST_POINTS)
                .map_err(|finding| {
                    finding.hint("When do you look at the number, and what comes after that?")
                })?;
            if batch.points.len() > 1 {
                count(batch.encoded_len(), "bytes in one batch").at_most(MOST_BYTES)?;
            }
        }
        Ok(())
    }

    /// Expects that no batch is empty.
    pub fn none_is_empty(&self) -> Verdict {
        let batches = self.server.batches();
        let empty = batches.iter().filter(|(_, batch)| batch.points.is_empty());
        count(empty.count(), "batches without a point").is(0)
    }

    /// Expects that so many batches have arrived.
    pub fn batches(&self, due: usize) -> Verdict {
        count(self.server.batches().len(), "batches that arrived").is(due)
    }

    pub fn batches_at_most(&self, most: usize) -> Verdict {
        count(self.server.batches().len(), "batches that arrived").at_most(most)
    }

    /// Expects that a point arrives no later than [`LONGEST`] after it was taken.
    pub fn none_waited(&self) -> Verdict {
        let taken = self.watch.taken();
        let batches = self.server.batches();
        let arrived = batches
            .iter()
            .flat_map(|(when, batch)| batch.points.iter().map(move |_| *when));
        for (number, (arrived, taken)) in (1..).zip(arrived.zip(taken)) {
            let what = format!("point {number} was sent");
            after(arrived - taken, &what).at_most(LONGEST)?;
        }
        Ok(())
    }

    /// Expects that the first batch arrived in the instant in which its last point was taken.
    pub fn first_was_sent_at_once(&self) -> Verdict {
        let batches = self.server.batches();
        let taken = self.watch.taken();
        let first = batches.first().and_then(|(arrived, batch)| {
            let last = taken.get(batch.points.len().checked_sub(1)?)?;
            Some(*arrived - *last)
        });
        let waited = first.ok_or_else(|| Finding::seen("no batch arrived"))?;
        after(waited, "a full batch was sent").at_most(Duration::ZERO)
    }

    /// Expects that the call has returned in the instant in which the last point was taken.
    pub fn returned_at_once(&self) -> Verdict {
        let last = self
            .watch
            .taken()
            .last()
            .map_or(Duration::ZERO, Instant::elapsed);
        after(last, "when the points had ended, the call returned").at_most(Duration::ZERO)
    }

    /// Expects that neither the points nor the call, a timer or a task is left.
    pub async fn nothing_is_left(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        let calls = self.lab.open_calls();
        self.nothing_runs().await?;
        ensure(calls.is_empty(), || {
            format!("the call was still open: {calls}")
        })
    }

    /// The same after the end of the connection, of which no frame tells.
    pub async fn nothing_runs(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        count(self.watch.open.alive(), "streams of points still held").is(0)?;
        self.before.nothing_is_left(&self.lab).await
    }
}
