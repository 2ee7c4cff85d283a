//! A server with a plan, and what it has seen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, PollNext, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::transfer_service_server::TransferService;
use workbook::proto::files::{End, GetRequest, GetResponse, PutRequest, PutResponse};

use super::act::{Act, Then, status};
use super::given::{Given, content};

/// A call that came.
#[derive(Debug, Clone)]
pub struct Call {
    pub at: Instant,
    pieces: Vec<u64>,
    end: Option<End>,
}

/// The server. A clone is the same one.
#[derive(Clone)]
pub struct Planned {
    lab: Lab,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    acts: Vec<Act>,
    held: Vec<u8>,
    calls: Vec<Call>,
    told: Vec<u64>,
    stored: Option<Vec<u8>>,
    misplaced: Option<String>,
}

type Answers = mpsc::Sender<PutResponse>;

impl Planned {
    pub fn new(lab: &Lab, acts: impl IntoIterator<Item = Act>) -> Self {
        let acts = acts.into_iter().collect();
        let state = State {
            acts,
            ..State::default()
        };
        Self {
            lab: lab.clone(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// It holds so many bytes of the file; all of them are changed by this.
    pub fn holds(&self, bytes: u64, changed: u8) {
        let bytes = content(0, bytes).into_iter();
        self.state().held = bytes.map(|byte| byte.wrapping_add(changed)).collect();
    }

    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// How many bytes it said it holds, each time.
    pub fn told(&self) -> Vec<u64> {
        self.state().told.clone()
    }

    /// Expects the file to be stored, byte for byte.
    pub fn has_stored(&self, file: &Given) -> Verdict {
        self.is_in_place()?;
        let state = self.state();
        let stored = state.stored.as_ref();
        let stored = stored.ok_or_else(|| Finding::seen("the server has stored no file"))?;
        ensure(
            *stored == content(0, file.size),
            || "the server has stored another file",
        )
    }

    /// Expects each piece to begin where the one before it ends.
    pub fn is_in_place(&self) -> Verdict {
        match &self.state().misplaced {
            None => Ok(()),
            Some(misplaced) => Err(Finding::seen(misplaced.clone())),
        }
    }

    /// Expects every piece but the last to be of a good size.
    pub fn pieces_are_between(&self, least: u64, most: u64) -> Verdict {
        let calls = self.calls();
        calls.iter().try_for_each(|call| {
            let (_, others) = call.pieces.split_last().unwrap_or((&0, &[]));
            let too_small = others.iter().find(|piece| **piece < least);
            let too_large = call.pieces.iter().find(|piece| **piece > most);
            let odd = too_small.or(too_large);
            ensure(odd.is_none(), || {
                format!("a piece has {} bytes", odd.unwrap_or(&0))
            })
        })
    }

    /// How many calls had an end.
    pub fn ends(&self) -> usize {
        self.calls()
            .iter()
            .filter(|call| call.end.is_some())
            .count()
    }

    async fn play(
        self,
        mut requests: Streaming<PutRequest>,
        answers: Answers,
    ) -> Result<(), Status> {
        let act = {
            let mut state = self.state();
            let (at, pieces) = (Instant::now(), Vec::new());
            state.calls.push(Call {
                at,
                pieces,
                end: None,
            });
            let index = state.calls.len() - 1;
            state.acts.get(index).copied().unwrap_or_default()
        };
        let first = requests.message().await?.and_then(|first| first.step);
        if !matches!(first, Some(Step::Name(name)) if name == "file.bin") {
            return Err(Status::invalid_argument(
                "the first message must be the name",
            ));
        }
        if act.answers {
            self.tell_held(&answers).await;
            let mut taken = 0;
            while taken < act.pieces {
                if !act.every.is_zero() {
                    sleep(act.every).await;
                }
                let next = requests.message().await?.and_then(|next| next.step);
                match next {
                    Some(Step::Piece(piece)) => {
                        self.take(piece.offset, &piece.data)?;
                        self.tell_held(&answers).await;
                        taken += 1;
                    }
                    Some(Step::End(end)) => {
                        self.last_call(|call| call.end = Some(end));
                        break;
                    }
                    Some(Step::Name(_)) | None => {
                        return Err(Status::invalid_argument("a piece or the end is expected"));
                    }
                }
            }
        }
        self.goes_on(act.then, act.forgets, &answers).await
    }

    async fn goes_on(&self, then: Then, forgets: usize, answers: &Answers) -> Result<(), Status> {
        let forget = || {
            let mut state = self.state();
            let kept = state.held.len().saturating_sub(forgets);
            state.held.truncate(kept);
        };
        match then {
            Then::Fails(code) => {
                forget();
                Err(status(code))
            }
            Then::Ends => {
                forget();
                Ok(())
            }
            Then::Cut => {
                forget();
                self.lab.cut();
                std::future::pending().await
            }
            Then::Vanish => {
                forget();
                self.lab.partition();
                sleep(Duration::from_secs(20)).await;
                self.lab.repair();
                std::future::pending().await
            }
            Then::Holds => std::future::pending().await,
            Then::StoresAfter(time) => {
                if !time.is_zero() {
                    sleep(time).await;
                }
                self.stores(answers).await
            }
            Then::StoresAndFails(code) => {
                self.stores(answers).await?;
                Err(status(code))
            }
            Then::StoresAndHolds => {
                self.stores(answers).await?;
                std::future::pending().await
            }
        }
    }

    async fn stores(&self, answers: &Answers) -> Result<(), Status> {
        let stored = self.store()?;
        say(answers, Answer::Stored(stored)).await;
        Ok(())
    }

    fn store(&self) -> Result<End, Status> {
        let mut state = self.state();
        let held = std::mem::take(&mut state.held);
        let size = u64::try_from(held.len()).unwrap_or(u64::MAX);
        let is = End {
            size,
            sha256: Sha256::digest(&held).to_vec(),
        };
        let sent = state.calls.last().and_then(|call| call.end.clone());
        if sent.as_ref() != Some(&is) {
            return Err(Status::data_loss(
                "what is held is not what was sent; it is discarded",
            ));
        }
        state.stored = Some(held);
        Ok(is)
    }

    fn take(&self, offset: u64, data: &[u8]) -> Result<(), Status> {
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        self.last_call(|call| call.pieces.push(length));
        let mut state = self.state();
        let held = state.held.len();
        if usize::try_from(offset) != Ok(held) {
            let call = state.calls.len();
            let words = format!(
                "a piece of call {call} begins at {offset}, and the server holds {held} bytes"
            );
            state.misplaced.get_or_insert(words.clone());
            return Err(Status::out_of_range(words));
        }
        state.held.extend_from_slice(data);
        Ok(())
    }

    async fn tell_held(&self, answers: &Answers) {
        let held = {
            let mut state = self.state();
            let held = u64::try_from(state.held.len()).unwrap_or(u64::MAX);
            state.told.push(held);
            held
        };
        say(answers, Answer::Held(held)).await;
    }

    fn last_call(&self, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.state().calls.last_mut() {
            change(call);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn say(answers: &Answers, answer: Answer) {
    let answer = Some(answer);
    // A send fails when the call is over.
    let _ = answers.send(PutResponse { answer }).await;
    // Lets the answer go before the end of the call does.
    tokio::task::yield_now().await;
}

#[tonic::async_trait]
impl TransferService for Planned {
    type PutStream = BoxStream<'static, Result<PutResponse, Status>>;

    async fn put(
        &self,
        request: Request<Streaming<PutRequest>>,
    ) -> Result<Response<Self::PutStream>, Status> {
        let (answers, said) = mpsc::channel(1);
        let plays = stream::once(self.clone().play(request.into_inner(), answers));
        let end = plays.filter_map(async |end| end.err().map(Err));
        let said = ReceiverStream::new(said).map(Ok);
        let both = stream::select_with_strategy(said, end.boxed(), |(): &mut ()| PollNext::Left);
        Ok(Response::new(both.boxed()))
    }

    type GetStream = BoxStream<'static, Result<GetResponse, Status>>;

    async fn get(&self, _: Request<GetRequest>) -> Result<Response<Self::GetStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
