//! A member's client: joins, goes on where it was after a broken call, and renews its token. It needs
//! `place.rs` and `jitter.rs`, and nothing else of this lesson: the terminal's program is built on it.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Status, Streaming};
use workbook::proto::rooms::from_room::Kind;
use workbook::proto::rooms::room_service_client::RoomServiceClient;
use workbook::proto::rooms::{
    Beat, Enter, FromRoom, Here, LoginRequest, LoginResponse, Moved, Refused, Said, ToRoom, to_room,
};

use super::jitter::Jitter;
use super::place::Place;

/// How long the server may take to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// How long the room may be silent: it sends a sign of life every 10 s.
const SILENCE: Duration = Duration::from_secs(30);
/// How often this client sends one.
const BEAT: Duration = Duration::from_secs(10);
/// Between two messages: the room takes five a second.
const PACE: Duration = Duration::from_millis(250);
/// Messages that may be on their way. The next one waits in the caller's queue.
const ON_THEIR_WAY: usize = 4;
/// Room for these, for the first message, a token and a sign of life.
const REQUESTS: usize = ON_THEIR_WAY + 3;
/// The soonest time at which a token is renewed.
const SOONEST: Duration = Duration::from_secs(1);
/// Calls in a row that may fail: about a minute.
const CALLS: u32 = 30;

/// What a member hears.
#[derive(Debug)]
pub enum Heard {
    Here(Here),
    Said(Said),
    Moved(Moved),
    Refused(Refused),
    /// The call has failed. The next one follows after the pause.
    Lost(Status, Duration),
    /// The room does not keep what was said meanwhile.
    Missed,
}

/// A member, through all its calls.
pub struct Session {
    client: RoomServiceClient<Channel>,
    room: String,
    name: String,
    place: Place,
    jitter: Jitter,
    /// Calls in a row that failed.
    failed: u32,
    renews: bool,
}

impl Session {
    /// A member that renews its token, or, for a scene, one that does not.
    pub fn new(channel: Channel, room: &str, name: &str, jitter: Jitter, renews: bool) -> Self {
        Self {
            client: RoomServiceClient::new(channel),
            room: room.to_owned(),
            name: name.to_owned(),
            place: Place::default(),
            jitter,
            failed: 0,
            renews,
        }
    }

    // ANCHOR: session
    /// Stays in the room until `says` is closed and all of it has come back, through as many calls as it
    /// takes.
    ///
    /// # Errors
    /// A status that another call does not change, or the last one when too many in a row have failed.
    pub async fn stay(
        &mut self,
        says: &mut mpsc::Receiver<String>,
        mut hears: impl FnMut(Heard),
    ) -> Result<(), Status> {
        loop {
            let Err(status) = self.call(says, &mut hears).await else {
                return Ok(());
            };
            // Without a position there is nothing that could be too old.
            let has_position = self.place.last().is_some();
            let is_too_old = status.code() == Code::OutOfRange && has_position;
            if !(is_too_old || is_worth_a_call(status.code())) || self.failed >= CALLS {
                return Err(status);
            }
            if says.is_closed() && says.is_empty() && self.place.is_all_confirmed() {
                return Ok(());
            }
            if is_too_old {
                self.place.forget();
                // The server has answered, so there is no outage to wait for.
                self.failed = 0;
                hears(Heard::Missed);
            }
            let pause = self.jitter.pause(self.failed);
            self.failed += 1;
            if !is_too_old {
                hears(Heard::Lost(status, pause));
            }
            sleep(pause).await;
        }
    }
    // ANCHOR_END: session

    // ANCHOR: call
    /// One call: a new token, the position, what has not come back, and then whatever happens.
    async fn call(
        &mut self,
        says: &mut mpsc::Receiver<String>,
        hears: &mut impl FnMut(Heard),
    ) -> Result<(), Status> {
        self.place.calls();
        let LoginResponse { token, lasts_ms } = self.login().await?;
        let (sender, mut room) = self.join(&token).await?;
        let mut requests = Some(sender);
        let mut silent = Instant::now() + SILENCE;
        let mut renew = Instant::now() + two_thirds(lasts_ms);
        let mut beats = interval_at(Instant::now() + BEAT, BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut may_say = Instant::now();
        loop {
            let takes = requests.is_some() && self.place.may_say(ON_THEIR_WAY);
            let next = async {
                sleep_until(may_say).await;
                says.recv().await
            };
            tokio::select! {
                biased;
                event = room.message() => {
                    silent = Instant::now() + SILENCE;
                    match (event?, &requests) {
                        (Some(event), _) => self.hears(event, requests.as_ref(), hears)?,
                        (None, None) => return Ok(()),
                        (None, Some(_)) => return Err(Status::unavailable("the room has ended the call")),
                    }
                }
                () = sleep_until(silent) => {
                    return Err(Status::deadline_exceeded("the room has been silent for too long"));
                }
                () = sleep_until(renew), if requests.is_some() && self.renews => {
                    let LoginResponse { token, lasts_ms } = self.login().await?;
                    renew = Instant::now() + two_thirds(lasts_ms);
                    send(requests.as_ref(), to_room::Kind::Token(token))?;
                }
                _ = beats.tick(), if requests.is_some() => {
                    send(requests.as_ref(), to_room::Kind::Beat(Beat {}))?;
                }
                text = next, if takes => match text {
                    Some(text) => {
                        may_say = Instant::now() + PACE;
                        self.place.says(&text);
                        send(requests.as_ref(), to_room::Kind::Say(text))?;
                    }
                    // Half-closes when the last message has come back.
                    None if self.place.is_all_confirmed() => requests = None,
                    None => may_say = Instant::now() + PACE,
                },
            }
        }
    }
    // ANCHOR_END: call

    async fn login(&mut self) -> Result<LoginResponse, Status> {
        let name = self.name.clone();
        let login = timeout(ANSWER, self.client.login(LoginRequest { name }));
        Ok(login.await.map_err(|_| late())??.into_inner())
    }

    // ANCHOR: join
    async fn join(
        &mut self,
        token: &str,
    ) -> Result<(mpsc::Sender<ToRoom>, Streaming<FromRoom>), Status> {
        let (requests, taken) = mpsc::channel(REQUESTS);
        let enter = to_room::Kind::Enter(Enter {
            room: self.room.clone(),
            after: self.place.last(),
        });
        send(Some(&requests), enter)?;
        let bearer = MetadataValue::try_from(format!("Bearer {token}"));
        let bearer = bearer.map_err(|_| Status::internal("the token is no metadata"))?;
        let mut request = Request::new(ReceiverStream::new(taken));
        request.metadata_mut().insert("authorization", bearer);
        let joined = timeout(ANSWER, self.client.join(request));
        Ok((requests, joined.await.map_err(|_| late())??.into_inner()))
    }
    // ANCHOR_END: join

    /// Takes note of it, and hands it over.
    fn hears(
        &mut self,
        event: FromRoom,
        requests: Option<&mpsc::Sender<ToRoom>>,
        hears: &mut impl FnMut(Heard),
    ) -> Result<(), Status> {
        match event.kind {
            Some(Kind::Here(here)) => {
                self.failed = 0;
                self.place.enters(here.last);
                hears(Heard::Here(here));
            }
            Some(Kind::Said(said)) => {
                let is_mine = said.name == self.name;
                if self
                    .place
                    .hears(said.sequence, is_mine.then_some(&said.text))?
                {
                    hears(Heard::Said(said));
                }
            }
            Some(Kind::Moved(moved)) => hears(Heard::Moved(moved)),
            Some(Kind::Refused(refused)) => {
                self.place.is_refused(&refused.text);
                hears(Heard::Refused(refused));
            }
            // A sign of life, or a kind that this client does not know yet.
            Some(Kind::Beat(_)) | None => {}
        }
        for text in self.place.say_again() {
            send(requests, to_room::Kind::Say(text))?;
        }
        Ok(())
    }
}

/// There is always room: not more than `REQUESTS` can be on their way. If there is none, the connection
/// takes nothing, and another call is needed.
fn send(requests: Option<&mpsc::Sender<ToRoom>>, kind: to_room::Kind) -> Result<(), Status> {
    let Some(requests) = requests else {
        return Ok(());
    };
    let kind = Some(kind);
    let stuck = |_| Status::unavailable("the connection takes nothing any more");
    requests.try_send(ToRoom { kind }).map_err(stuck)
}

/// A newer token is fetched well before the old one expires, and no more often than once a second: how long a
/// token lasts is the server's number.
fn two_thirds(lasts_ms: u64) -> Duration {
    (Duration::from_millis(lasts_ms) * 2 / 3).max(SOONEST)
}

fn late() -> Status {
    Status::deadline_exceeded("the server did not answer in time")
}

/// Not when the request is wrong, the room is full, or the same name has joined elsewhere: two clients of
/// one name would throw each other out for ever.
fn is_worth_a_call(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::Cancelled
            | Code::Internal
            | Code::DeadlineExceeded
            | Code::Unavailable
            // Each call fetches a token: the old one expired while the machine was asleep.
            | Code::Unauthenticated
    )
}
