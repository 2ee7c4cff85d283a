//! The peers of the exercise: a server with its feed, and clients that name themselves.

use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, join_all, select};
use tokio::time::sleep;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, Streaming};
use workbook::grade::{AN_INSTANT, Finding, Verdict, count, ended, within};
use workbook::lab::Lab;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::feeds::{Plan, Planned};
use super::{ALLOWED, Allowed, SECOND, Subject};

/// So small that a few prices that are not read fill it, in bytes.
const WINDOW: u32 = 2000;

/// The answer to a call.
pub type Opened = Result<Streaming<StockPrice>, Status>;

/// The exercise behind its server, with a feed.
pub struct Exchange {
    lab: Lab,
    feed: Arc<Planned>,
    clients: Box<dyn Fn() -> usize>,
}

impl Exchange {
    pub fn open(lab: &Lab, subject: Subject, plan: Plan) -> Self {
        Self::with_room_for(ALLOWED, lab, subject, plan)
    }

    pub fn with_room_for(allowed: Allowed, lab: &Lab, subject: Subject, plan: Plan) -> Self {
        let feed = Arc::new(Planned::new(plan));
        let served = subject(allowed, Arc::clone(&feed) as _);
        lab.serve(served.router);
        Self {
            lab: lab.clone(),
            feed,
            clients: served.clients,
        }
    }

    /// A client for each name, each with a connection of its own.
    pub async fn clients<const N: usize>(&self, names: [&str; N]) -> Result<[Client; N], Finding> {
        let mut clients = Vec::new();
        for name in names {
            let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
            clients.push(Client {
                name: name.to_owned(),
                channel: self.lab.channel_with(narrow).await?,
            });
        }
        clients
            .try_into()
            .map_err(|_| Finding::seen("not every client is connected"))
    }

    pub fn goes_on_with(&self, plan: Plan) {
        self.feed.goes_on_with(plan);
    }

    pub fn asked_the_feed(&self, due: usize) -> Verdict {
        let asked = count(self.feed.asked(), "calls for which the feed was asked").is(due);
        asked.map_err(|finding| {
            finding.hint("What does your handler do before it knows whether there is a place?")
        })
    }

    pub fn keeps(&self, due: usize) -> Verdict {
        count((self.clients)(), "clients of which something is kept").is(due)
    }
}

/// A client and its connection.
pub struct Client {
    name: String,
    channel: Channel,
}

impl Client {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Another client on the same connection.
    pub fn as_another(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            channel: self.channel.clone(),
        }
    }

    /// The answer to a call for a stream, within a limit that is far longer than any feed takes here.
    pub async fn opens(&self) -> Result<Opened, Finding> {
        within(SECOND * 10, "the call had no answer", self.call(true, None)).await
    }

    pub async fn without_a_name(&self) -> Result<Opened, Finding> {
        within(AN_INSTANT, "the call had no answer", self.call(false, None)).await
    }

    pub async fn greets(&self) -> Verdict {
        let name = self.name.clone();
        let mut client = GreeterServiceClient::new(self.channel.clone());
        let greeting = client.say_hi(SayHiRequest { name });
        let greeting = within(AN_INSTANT, "SayHi had no answer", greeting).await?;
        ended(&greeting).well()
    }

    /// Greets while so many calls have no answer, or are refused.
    pub async fn greets_beside(&self, calls: usize) -> Verdict {
        let calls = join_all((0..calls).map(|_| self.call(true, None)));
        let greets = async {
            sleep(SECOND).await;
            self.greets().await
        };
        match select(Box::pin(calls), Box::pin(greets)).await {
            Either::Left((_, greets)) => greets.await,
            Either::Right((greeted, _)) => greeted,
        }
    }

    /// Calls, with its name or without it.
    pub async fn call(&self, named: bool, limit: Option<Duration>) -> Opened {
        let mut request = Request::new(StockRequest::default());
        if named {
            let name = self.name.parse();
            let name = name.map_err(|_| Status::internal("the check's own name is no metadata"))?;
            request.metadata_mut().insert("client-id", name);
        }
        if let Some(limit) = limit {
            request.set_timeout(limit);
        }
        let mut client = StockServiceClient::new(self.channel.clone());
        Ok(client.get_real_time_prices(request).await?.into_inner())
    }
}
