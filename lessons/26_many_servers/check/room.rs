//! One room at three servers, whose calls end as a plan says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, sleep, sleep_until};
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status};
use workbook::grade::{AN_INSTANT, Drops};
use workbook::lab::{CLIENT, Host, Lab};
use workbook::proto::forum::forum_service_server::{ForumService, ForumServiceServer};
use workbook::proto::forum::{GetHistoryRequest, GetHistoryResponse, Heard};
use workbook::proto::forum::{ListenRequest, SayRequest, SayResponse};

/// The servers, in the order in which the exercise gets them.
pub const SERVERS: [&str; 3] = ["a", "b", "c"];

/// What a call does after it has sent its messages.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// It ends with a status.
    Fails(Code),
    /// It brings nothing any more.
    Silent,
    /// Its connection breaks.
    Cut,
    /// Its server is killed, and is back a second later.
    Killed,
    /// Its server says GOAWAY and then Unavailable, and is back a second later.
    Drained,
}

/// One call: how many new messages it brings, if it is answered at all, and what comes then.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    answered: bool,
    pub messages: u64,
    then: Then,
}

pub fn answered(messages: u64, then: Then) -> Act {
    Act {
        answered: true,
        messages,
        then,
    }
}

pub fn unanswered(then: Then) -> Act {
    Act {
        answered: false,
        messages: 0,
        then,
    }
}

/// The plan: what the first calls do, at whichever server. The calls after them bring the rest, and end with OK.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub messages: u64,
    pub acts: Vec<Act>,
    /// How many old messages each call repeats first.
    pub repeats: u64,
    /// How long after the one before it each message is said. All are there from the start if it is zero.
    pub every: Duration,
    /// How long everything takes on its way.
    pub latency: Duration,
}

/// The room. Clones are the same one.
#[derive(Clone)]
pub struct Room {
    lab: Lab,
    plan: Arc<Plan>,
    opened: Instant,
    calls: Arc<Mutex<Vec<Call>>>,
    open: Drops,
}

/// A call that has come.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub at: Instant,
    pub server: &'static str,
    pub after: Option<u64>,
    /// How many older calls were still open.
    pub beside: usize,
}

impl Room {
    /// Opens the room at every server.
    pub fn open(lab: &Lab, plan: Plan) -> std::io::Result<Self> {
        let latency = plan.latency;
        let room = Self {
            lab: lab.clone(),
            plan: Arc::new(plan),
            opened: Instant::now(),
            calls: Arc::default(),
            open: Drops::new(),
        };
        for server in SERVERS {
            let room = room.clone();
            let start = move |host: &Host| {
                let door = Door {
                    room: room.clone(),
                    server,
                };
                let router = Server::builder()
                    .layer(host.layer())
                    .add_service(ForumServiceServer::new(door));
                host.serve(router)
            };
            lab.start(server, Arc::new(start))?;
            if !latency.is_zero() {
                lab.link(CLIENT, server).set_latency(latency);
            }
        }
        Ok(room)
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls_lock().clone()
    }

    pub fn open_calls(&self) -> usize {
        self.open.alive()
    }

    fn calls_lock(&self) -> MutexGuard<'_, Vec<Call>> {
        // Nothing that holds the lock can leave the list half-changed.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many messages have been said so far.
    fn said(&self) -> u64 {
        if self.plan.every.is_zero() {
            return self.plan.messages;
        }
        let said = self.opened.elapsed().as_nanos() / self.plan.every.as_nanos();
        u64::try_from(said).map_or(self.plan.messages, |said| said.min(self.plan.messages))
    }
}

/// The room, at one of its servers.
struct Door {
    room: Room,
    server: &'static str,
}

impl Door {
    fn heard(&self, sequence: u64) -> Heard {
        Heard {
            sequence,
            text: format!("message {sequence}"),
            server: self.server.to_owned(),
        }
    }
}

/// The end of a call's stream.
async fn ends(room: Room, server: &'static str, then: Then) -> Status {
    let lab = room.lab;
    if let Then::Fails(code) = then {
        return Status::new(code, "as planned");
    }
    // What is on its way when a connection breaks is lost with it: first the messages arrive.
    sleep(room.plan.latency + AN_INSTANT).await;
    match then {
        Then::Cut => lab.link(CLIENT, server).cut(),
        Then::Killed => {
            lab.crash(server);
            tokio::spawn(back(lab, server));
        }
        Then::Drained => {
            let draining = lab.clone();
            tokio::spawn(async move { draining.drain(server).await });
            sleep(AN_INSTANT).await;
            tokio::spawn(back(lab, server));
            return Status::unavailable("the server is shut down");
        }
        Then::Fails(_) | Then::Silent => {}
    }
    std::future::pending().await
}

async fn back(lab: Lab, server: &'static str) {
    sleep(Duration::from_secs(1)).await;
    // A restart in the lab fails only if the check itself is wrong.
    if let Err(error) = lab.restart(server) {
        std::panic::resume_unwind(Box::new(error.to_string()));
    }
}

#[tonic::async_trait]
impl ForumService for Door {
    type ListenStream = BoxStream<'static, Result<Heard, Status>>;

    async fn listen(
        &self,
        request: Request<ListenRequest>,
    ) -> Result<Response<Self::ListenStream>, Status> {
        let after = request.into_inner().after;
        let room = self.room.clone();
        let open = room.open.guard();
        let number = {
            let beside = room.open.alive() - 1;
            let mut calls = room.calls_lock();
            calls.push(Call {
                at: Instant::now(),
                server: self.server,
                after,
                beside,
            });
            calls.len() - 1
        };
        let act = room.plan.acts.get(number).copied();
        let (ending, server) = (room.clone(), self.server);
        if let Some(act) = act.filter(|act| !act.answered) {
            return Err(ends(ending, server, act.then).await);
        }
        let after = after.unwrap_or_else(|| room.said());
        let last = act.map_or(room.plan.messages, |act| after + act.messages);
        let first = (after + 1).saturating_sub(room.plan.repeats).max(1);
        let (opened, every) = (room.opened, room.plan.every);
        let messages: Vec<_> = (first..=last)
            .map(|sequence| self.heard(sequence))
            .collect();
        let messages = stream::iter(messages).then(move |heard| async move {
            let number = u32::try_from(heard.sequence).unwrap_or(u32::MAX);
            sleep_until(opened + every * number).await;
            Ok(heard)
        });
        let rest = match act {
            None => stream::empty().boxed(),
            Some(act) => {
                stream::once(async move { Err(ends(ending, server, act.then).await) }).boxed()
            }
        };
        // Counted as open until tonic drops the response stream.
        let messages = messages.chain(rest).map(move |heard| {
            let _open = &open;
            heard
        });
        Ok(Response::new(messages.boxed()))
    }

    async fn get_history(
        &self,
        request: Request<GetHistoryRequest>,
    ) -> Result<Response<GetHistoryResponse>, Status> {
        let behind = request.into_inner().after + 1..=self.room.said();
        let messages = behind.map(|sequence| self.heard(sequence)).collect();
        Ok(Response::new(GetHistoryResponse { messages }))
    }

    async fn say(&self, _: Request<SayRequest>) -> Result<Response<SayResponse>, Status> {
        Err(Status::unimplemented("the exercise says nothing"))
    }
}
