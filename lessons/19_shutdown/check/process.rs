//! The process that the exercise is: it ends when `run` returns.

use std::time::Duration;

use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Error, Server};
use workbook::grade::{Finding, Verdict, within};
use workbook::lab::{Lab, SERVER};
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;
use workbook::proto::stocks::stock_service_server::StockServiceServer;
use workbook::proto::stream::stream_service_server::StreamServiceServer;

use super::peers::Client;
use super::services::Services;
use super::{DEADLINE, SECOND, Subject};

pub struct Process {
    signal: Option<oneshot::Sender<()>>,
    signalled: Instant,
    returned: oneshot::Receiver<(Instant, Result<(), Error>)>,
}

impl Process {
    /// Serves with the exercise.
    pub fn start(lab: &Lab, subject: Subject) -> Result<Self, Finding> {
        let host = lab.host(SERVER);
        let ends = CancellationToken::new();
        let services = Services::new(subject, ends.clone());
        let router = Server::builder()
            .layer(host.layer())
            .add_service(StockServiceServer::new(services.clone()))
            .add_service(StreamServiceServer::new(services.clone()))
            .add_service(GreeterServiceServer::new(services));
        let (signal, signalled) = oneshot::channel();
        let (says, returned) = oneshot::channel();
        let signalled = Box::pin(async {
            // A sender that was dropped is no signal.
            if signalled.await.is_err() {
                std::future::pending::<()>().await;
            }
        });
        host.process(|incoming, _| async move {
            let served = (subject.run)(router, incoming, ends, signalled).await;
            // An Err means that this play has seen enough.
            let _ = says.send((Instant::now(), served));
        })?;
        Ok(Self {
            signal: Some(signal),
            signalled: Instant::now(),
            returned,
        })
    }

    /// Serves with the exercise, and has a client.
    pub async fn with_client(lab: &Lab, subject: Subject) -> Result<(Self, Client), Finding> {
        let process = Self::start(lab, subject)?;
        Ok((process, Client::connects(lab).await?))
    }

    /// The signal comes now.
    pub fn signalled(&mut self) {
        self.signalled = Instant::now();
        if let Some(signal) = self.signal.take() {
            // An Err means that `run` does not wait for it any more.
            let _ = signal.send(());
        }
    }

    /// Expects `run` not to have returned.
    pub fn goes_on(mut self) -> Verdict {
        match self.returned.try_recv() {
            Err(TryRecvError::Empty) => Ok(()),
            _ => Err(Finding::seen("`run` returned before the signal")),
        }
    }

    /// How long after the signal `run` returned.
    pub async fn returned(self) -> Result<Duration, Finding> {
        let Self { returned, .. } = self;
        let late = "`run` had not returned";
        let returned = within(DEADLINE + SECOND, late, returned).await?;
        // An Err means that it panicked, and that is reported by itself.
        let (at, served) = returned.map_err(|_| Finding::seen("`run` did not return"))?;
        served?;
        Ok(at.saturating_duration_since(self.signalled))
    }
}
