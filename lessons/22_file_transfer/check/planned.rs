//! A server with a plan.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, PollNext, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::lab::Lab;
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::transfer_service_server::TransferService;
use workbook::proto::files::{GetRequest, GetResponse, PutRequest, PutResponse};

use super::act::{Act, Then, status};
use super::seen::Seen;

/// The server. A clone is the same one.
#[derive(Clone)]
pub struct Planned {
    lab: Lab,
    acts: Arc<[Act]>,
    seen: Arc<Mutex<Seen>>,
}

type Answers = mpsc::Sender<PutResponse>;

impl Planned {
    pub fn new(lab: &Lab, acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            lab: lab.clone(),
            acts: acts.into_iter().collect(),
            seen: Arc::default(),
        }
    }

    /// It holds so many bytes of the file; all of them are changed by this.
    pub fn holds(&self, bytes: u64, changed: u8) {
        self.seen().holds(bytes, changed);
    }

    async fn play(
        self,
        mut requests: Streaming<PutRequest>,
        answers: Answers,
    ) -> Result<(), Status> {
        let index = self.seen().is_called();
        let act = self.acts.get(index).copied().unwrap_or_default();
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
                        self.seen().takes(piece.offset, &piece.data)?;
                        self.tell_held(&answers).await;
                        taken += 1;
                    }
                    Some(Step::End(end)) => {
                        self.seen().last_call(|call| call.end = Some(end));
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
        let forget = || self.seen().forgets(forgets);
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
        let stored = self.seen().stores()?;
        say(answers, Answer::Stored(stored)).await;
        Ok(())
    }

    async fn tell_held(&self, answers: &Answers) {
        let held = self.seen().tells();
        say(answers, Answer::Held(held)).await;
    }

    /// What it holds, and what it has seen so far.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        // Nothing that holds the lock can leave what was seen half-changed.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
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
