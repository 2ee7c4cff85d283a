//! A server whose calls break as a plan says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, sleep};
use tonic::transport::Server;
use tonic::{Request, Response, Status};
use workbook::grade::{AN_INSTANT, Drops};
use workbook::lab::{CLIENT, Host, Lab, SERVER};
use workbook::proto::events::event_service_server::{EventService, EventServiceServer};
use workbook::proto::events::{Event, FollowRequest, GetSnapshotRequest, GetSnapshotResponse};

use super::plan::{Act, FOR_EVER, Plan, Then, status};

/// The server. Clones are the same one.
#[derive(Clone)]
pub struct Ledger {
    lab: Lab,
    plan: Arc<Plan>,
    calls: Arc<Mutex<Vec<Call>>>,
    open: Drops,
}

/// A call that has come.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub at: Instant,
    /// From where it asked.
    pub from: u64,
    /// How many older calls were still open.
    pub beside: usize,
}

type Events = BoxStream<'static, Result<Event, Status>>;

impl Ledger {
    pub fn new(lab: &Lab, plan: Plan) -> Self {
        Self {
            lab: lab.clone(),
            plan: Arc::new(plan),
            calls: Arc::default(),
            open: Drops::new(),
        }
    }

    /// Starts the server, so that it can be started again.
    pub fn start(&self) -> std::io::Result<()> {
        let ledger = self.clone();
        let start = move |host: &Host| {
            let service = EventServiceServer::new(ledger.clone());
            host.serve(Server::builder().layer(host.layer()).add_service(service))
        };
        self.lab.start(SERVER, Arc::new(start))
    }

    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    /// How many calls are open.
    pub fn open(&self) -> usize {
        self.open.alive()
    }

    /// The end of a call's stream.
    async fn ends(self, then: Then) -> Status {
        let lab = self.lab;
        if let Then::Fails(code) = then {
            return status(code);
        }
        // What is on its way when a connection breaks is lost with it: first the events arrive.
        sleep(AN_INSTANT).await;
        match then {
            Then::Cut => lab.cut(),
            Then::Restart => restarted(lab.bounce(SERVER)),
            Then::Away(gone) => {
                lab.crash(SERVER);
                tokio::spawn(async move {
                    sleep(gone).await;
                    restarted(lab.restart(SERVER));
                });
            }
            Then::Vanish | Then::VanishFrom(_) => {
                match then {
                    Then::VanishFrom(host) => lab.link(CLIENT, SERVER).partition_oneway(host),
                    _ => lab.partition(),
                }
                tokio::spawn(async move {
                    sleep(Duration::from_secs(20)).await;
                    lab.repair();
                });
            }
            Then::GoesAway => {
                let draining = lab.clone();
                tokio::spawn(async move { draining.drain(SERVER).await });
                sleep(AN_INSTANT).await;
                restarted(lab.restart(SERVER));
                return Status::unavailable("the server is shut down");
            }
            Then::Fails(_) | Then::Silent | Then::Skips => {}
        }
        std::future::pending().await
    }
}

/// A restart in the lab fails only if the check itself is wrong.
fn restarted(result: std::io::Result<()>) {
    if let Err(error) = result {
        std::panic::resume_unwind(Box::new(error.to_string()));
    }
}

#[tonic::async_trait]
impl EventService for Ledger {
    type FollowStream = Events;

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Events>, Status> {
        let from = request.into_inner().from;
        if from == FOR_EVER {
            return Ok(Response::new(stream::pending().boxed()));
        }
        let (at, beside) = (Instant::now(), self.open.alive());
        let open = self.open.guard();
        let number = {
            let mut calls = lock(&self.calls);
            calls.push(Call { at, from, beside });
            calls.len() - 1
        };
        let (plan, act) = (&self.plan, self.plan.acts.get(number).copied());
        if let Some(Act {
            answered: false,
            then,
            ..
        }) = act
        {
            return Err(self.clone().ends(then).await);
        }
        if !plan.answers_after.is_zero() {
            sleep(plan.answers_after).await;
        }
        let last = act.map_or(plan.events, |act| (from + act.events).saturating_sub(1));
        let first = from.saturating_sub(plan.repeats).max(1);
        let every = plan.every;
        let numbers = stream::iter(first..=last).then(move |number| async move {
            if !every.is_zero() {
                sleep(every).await;
            }
            number
        });
        let rest = match act {
            None => stream::empty().boxed(),
            Some(Act {
                then: Then::Skips, ..
            }) => stream::iter(last + 2..=plan.events).map(event).boxed(),
            Some(act) => {
                let ledger = self.clone();
                stream::once(async move { Err(ledger.ends(act.then).await) }).boxed()
            }
        };
        // Counted as open until tonic drops the response stream.
        let events = numbers.map(event).chain(rest).map(move |event| {
            let _open = &open;
            event
        });
        Ok(Response::new(events.boxed()))
    }

    async fn get_snapshot(
        &self,
        _: Request<GetSnapshotRequest>,
    ) -> Result<Response<GetSnapshotResponse>, Status> {
        Err(Status::unimplemented("the exercise needs no snapshot"))
    }
}

#[allow(clippy::unnecessary_wraps, reason = "an item of the response stream")]
fn event(number: u64) -> Result<Event, Status> {
    let amount = i64::try_from(number).unwrap_or(i64::MAX);
    Ok(Event { number, amount })
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that holds these locks can leave a list half-changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
