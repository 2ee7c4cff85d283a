//! The peers of the exercise: a server with its feed, and clients that name themselves.

use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, join_all, select};
use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status, Streaming};
use tonic_types::StatusExt as _;
use workbook::grade::{AN_INSTANT, Finding, Verdict, count, ended, ensure, seconds, within};
use workbook::lab::Lab;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::feeds::{Plan, Planned};
use super::{ALLOWED, SECOND, Subject};

/// So small that a few prices that are not read fill it, in bytes.
const WINDOW: u32 = 2000;
/// As the exercise's server has it: 10 s until it asks, 5 s until it has had no answer.
const KEEPALIVE: Duration = Duration::from_secs(15);

type Opened = Result<Streaming<StockPrice>, Status>;

/// The exercise behind its server, with a feed.
pub struct Exchange {
    lab: Lab,
    feed: Arc<Planned>,
    clients: Box<dyn Fn() -> usize>,
}

impl Exchange {
    pub fn open(lab: &Lab, subject: Subject, plan: Plan) -> Self {
        let feed = Arc::new(Planned::new(plan));
        let served = subject(ALLOWED, Arc::clone(&feed) as _);
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

    async fn call(&self, named: bool, limit: Option<Duration>) -> Opened {
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

/// Expects so many more streams to be admitted, and each to bring its first price.
pub async fn admitted(
    client: &Client,
    streams: usize,
) -> Result<Vec<Streaming<StockPrice>>, Finding> {
    let mut open = Vec::new();
    for _ in 0..streams {
        let name = &client.name;
        let mut prices = client.opens().await?.map_err(|status| {
            let seen = format!("{name} was refused a free place: {}", status.message());
            Finding::seen(seen)
                .hint("Which call has taken a place and not used it, or has not given it back?")
        })?;
        let first = within(SECOND, "no price had come", prices.message()).await??;
        ensure(first.is_some(), || {
            format!("{name}'s stream ended without a price")
        })?;
        open.push(prices);
    }
    Ok(open)
}

/// Expects so many calls to be refused, each at once.
pub async fn refused(client: &Client, calls: usize) -> Verdict {
    for _ in 0..calls {
        let call = client.call(true, None);
        let late = "a call for which there is no place had no answer";
        let answer = within(AN_INSTANT, late, call).await.map_err(|finding| {
            finding.hint("Who holds a call back until there is a place, and what does its client hear meanwhile?")
        })?;
        too_many(&answer)?;
    }
    Ok(())
}

/// A refusal, of which a part is still to be looked at.
pub struct Refusal(Status);

/// Expects ResourceExhausted.
pub fn too_many(answer: &Opened) -> Result<Refusal, Finding> {
    match answer {
        Ok(_) => Err(Finding::seen(
            "one stream more was admitted than there is room for",
        )),
        Err(status) => {
            ended(&Err::<(), _>(status.clone())).with(Code::ResourceExhausted)?;
            Ok(Refusal(status.clone()))
        }
    }
}

impl Refusal {
    /// Expects a RetryInfo with this delay.
    pub fn says(&self, due: Duration) -> Verdict {
        let details = self.0.get_error_details();
        let delay = details.retry_info().and_then(|retry| retry.retry_delay);
        ensure(delay == Some(due), || match delay {
            None => "the refusal has no RetryInfo with a delay".to_owned(),
            Some(delay) => format!(
                "the delay is {} instead of {}",
                seconds(delay),
                seconds(due)
            ),
        })
    }
}

/// How a stream is over.
#[derive(Debug, Clone, Copy)]
pub enum Leaves {
    /// The feed brings it about, and the client reads to the end.
    ByTheFeed(Plan),
    /// The client drops its stream, read or not.
    Drops(Plan),
    /// The client drops the call before it is answered.
    DropsTheCall,
    /// The call has a limit, and is not answered by then.
    TimesOut,
    /// The connection breaks in a stream.
    Breaks,
    /// The connection breaks before the call is answered.
    BreaksBefore,
    /// The client vanishes, and only the server's keepalive detects it.
    Vanishes,
    /// The same, before the call is answered.
    VanishesBefore,
}

impl Leaves {
    pub const TABLE: [(&'static str, Self); 13] = [
        ("the feed ends", Self::ByTheFeed(Plan::Ends)),
        ("the feed fails", Self::ByTheFeed(Plan::Fails)),
        (
            "the feed panics in the stream",
            Self::ByTheFeed(Plan::PanicsLater),
        ),
        ("the feed refuses", Self::ByTheFeed(Plan::Refuses)),
        (
            "the feed panics before there is a stream",
            Self::ByTheFeed(Plan::Panics),
        ),
        ("the client drops its stream", Self::Drops(Plan::Endless)),
        (
            "the client drops a stream that it does not read",
            Self::Drops(Plan::Flood),
        ),
        (
            "the client drops the call before it is answered",
            Self::DropsTheCall,
        ),
        (
            "the call's limit is over before it is answered",
            Self::TimesOut,
        ),
        ("the connection breaks", Self::Breaks),
        (
            "the connection breaks before the call is answered",
            Self::BreaksBefore,
        ),
        ("the client vanishes", Self::Vanishes),
        (
            "the client vanishes before the call is answered",
            Self::VanishesBefore,
        ),
    ];

    /// What the feed does meanwhile.
    pub fn plan(self) -> Plan {
        match self {
            Self::ByTheFeed(plan) | Self::Drops(plan) => plan,
            Self::Breaks | Self::Vanishes => Plan::Endless,
            // Longer than the keepalive takes.
            _ => Plan::OpensIn(SECOND * 60),
        }
    }

    /// Fills all places of one client, and lets each of these streams be over.
    pub async fn once(self, lab: &Lab, exchange: &Exchange) -> Verdict {
        let [ada] = exchange.clients(["ada"]).await?;
        let places = ALLOWED.per_client;
        match self {
            Self::ByTheFeed(_) => {
                for _ in 0..places {
                    if let Some(mut prices) = is_no_refusal(ada.opens().await?)? {
                        while let Ok(Some(_)) = prices.message().await {}
                    }
                }
            }
            Self::Drops(_) => drop(admitted(&ada, places).await?),
            Self::DropsTheCall => {
                let calls = (0..places).map(|_| timeout(SECOND, ada.call(true, None)));
                answered(join_all(calls).await.into_iter().flatten())?;
            }
            Self::TimesOut => {
                let calls = (0..places).map(|_| ada.call(true, Some(SECOND)));
                answered(join_all(calls).await)?;
            }
            Self::Breaks => {
                let _streams = admitted(&ada, places).await?;
                lab.cut();
            }
            Self::Vanishes => {
                let _streams = admitted(&ada, places).await?;
                lab.partition();
                lab.sleep(KEEPALIVE + SECOND).await;
            }
            Self::BreaksBefore | Self::VanishesBefore => {
                let calls = (0..places).map(|_| ada.call(true, None));
                let calls = join_all(calls);
                let fault = async {
                    lab.sleep(SECOND).await;
                    if matches!(self, Self::BreaksBefore) {
                        lab.cut();
                        lab.sleep(AN_INSTANT).await;
                    } else {
                        lab.partition();
                        lab.sleep(KEEPALIVE + SECOND).await;
                    }
                };
                // The calls of a client that has vanished have no answer.
                let (calls, ()) = futures::join!(timeout(KEEPALIVE * 2, calls), fault);
                answered(calls.into_iter().flatten())?;
            }
        }
        lab.repair();
        lab.sleep(AN_INSTANT).await;
        Ok(())
    }
}

/// Expects none of these answers to be a refusal.
fn answered(answers: impl IntoIterator<Item = Opened>) -> Verdict {
    answers
        .into_iter()
        .try_for_each(|answer| is_no_refusal(answer).map(drop))
}

fn is_no_refusal(answer: Opened) -> Result<Option<Streaming<StockPrice>>, Finding> {
    match answer {
        Ok(prices) => Ok(Some(prices)),
        Err(status) if status.code() == Code::ResourceExhausted => Err(Finding::seen(format!(
            "a place was not given back: {}",
            status.message()
        ))),
        Err(_) => Ok(None),
    }
}
