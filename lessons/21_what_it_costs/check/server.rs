//! A server that records the batches that arrive, and answers as a check says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::stream::point_service_server::PointService;
use workbook::proto::stream::{PutRequest, PutResponse};

/// When the server reads, and when it answers.
#[derive(Debug, Clone)]
pub struct Plan {
    /// It reads nothing before that.
    pub busy: Duration,
    /// It answers after so many batches, even if more are to come; `None`: when the client has half-closed.
    pub after: Option<usize>,
    pub answer: Result<i32, Status>,
}

/// What the server answers unless it refuses: not the number of points, so that it cannot be guessed.
pub const ANSWER: i32 = 4711;

impl Plan {
    /// Reads at once, and answers at the end.
    pub fn reads() -> Self {
        Self {
            busy: Duration::ZERO,
            after: None,
            answer: Ok(ANSWER),
        }
    }

    pub fn answers_after(batches: usize, answer: Result<i32, Status>) -> Self {
        Self {
            after: Some(batches),
            answer,
            ..Self::reads()
        }
    }

    pub fn busy_for(busy: Duration) -> Self {
        Self {
            busy,
            ..Self::reads()
        }
    }
}

/// A server that records what arrives, and when.
#[derive(Debug, Clone)]
pub struct Recorder {
    pub plan: Plan,
    batches: Arc<Mutex<Vec<(Instant, PutRequest)>>>,
}

impl Recorder {
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            batches: Arc::default(),
        }
    }

    pub fn batches(&self) -> MutexGuard<'_, Vec<(Instant, PutRequest)>> {
        // Each change is one push, so even a poisoned lock guards whole records.
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tonic::async_trait]
impl PointService for Recorder {
    async fn put_all(
        &self,
        request: Request<Streaming<PutRequest>>,
    ) -> Result<Response<PutResponse>, Status> {
        if !self.plan.busy.is_zero() {
            sleep(self.plan.busy).await;
        }
        let mut requests = request.into_inner();
        let mut count = 0;
        while self.plan.after.is_none_or(|enough| count < enough) {
            let Some(request) = requests.message().await? else {
                break;
            };
            count += 1;
            self.batches().push((Instant::now(), request));
        }
        let count = self.plan.answer.clone()?;
        Ok(Response::new(PutResponse { count }))
    }

    async fn put(&self, _: Request<PutRequest>) -> Result<Response<PutResponse>, Status> {
        Err(Status::unimplemented("use PutAll"))
    }
}
