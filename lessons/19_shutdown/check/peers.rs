//! The clients of the exercise's server.

use std::ops::RangeInclusive;

use futures::FutureExt as _;
use futures::future::{BoxFuture, join};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status, Streaming};
use workbook::grade::{AN_INSTANT, Finding, Verdict, ended, ensure, shown, within};
use workbook::lab::Lab;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::proto::stream::StreamRequest;
use workbook::proto::stream::stream_service_client::StreamServiceClient;

use super::SECOND;
use super::services::duration;

/// Room for a few prices, in bytes.
const WINDOW: u32 = 100;

/// More prices of a kibibyte than tonic has encoded when the signal comes.
const MORE_THAN_ENCODED: usize = 100;

/// The hint for a stream that ended with OK.
const WITHOUT_A_STATUS: &str = "A stream that ends without an error ends with OK. What does your code give last, and where does that go when a queue before the client is full?";

/// A call that has been begun, and how it ends.
pub type Begun<T> = BoxFuture<'static, Result<T, Finding>>;

/// A client with a connection of its own.
pub struct Client(Channel);

impl Client {
    pub async fn connects(lab: &Lab) -> Result<Self, Finding> {
        let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
        Ok(Self(lab.channel_with(narrow).await?))
    }

    pub async fn subscribes(&self, symbol: &str) -> Result<Subscribed, Finding> {
        self.subscribing(symbol).await
    }

    /// Begins to subscribe now; the answer may be late.
    pub fn subscribing(&self, symbol: &str) -> Begun<Subscribed> {
        let mut client = StockServiceClient::new(self.0.clone());
        let symbol = symbol.to_owned();
        begun(async move {
            let request = client.get_real_time_prices(StockRequest { symbol });
            let prices = within(SECOND * 3, "the call was not answered", request).await??;
            Ok(Subscribed(prices.into_inner()))
        })
    }

    /// A greeting that takes so many seconds.
    pub fn greeting(&self, takes: &str) -> Begun<Result<(), Status>> {
        let mut client = GreeterServiceClient::new(self.0.clone());
        let name = takes.to_owned();
        begun(async move { Ok(client.say_hi(SayHiRequest { name }).await.map(|_| ())) })
    }

    /// An upload that goes on for so many seconds.
    pub fn uploading(&self, takes: &'static str) -> Begun<Result<(), Status>> {
        let mut client = StreamServiceClient::new(self.0.clone());
        begun(async move {
            let pause = duration(takes)? / 2;
            let (says, points) = mpsc::channel(1);
            let uploads = async move {
                for _ in 0..2 {
                    // An Err means that the call has ended.
                    let _ = says.send(StreamRequest::default()).await;
                    sleep(pause).await;
                }
            };
            let (reply, ()) = join(client.record(ReceiverStream::new(points)), uploads).await;
            Ok(reply.map(|_| ()))
        })
    }
}

/// Begins now, whatever the play does meanwhile.
fn begun<T: Send + 'static>(
    call: impl Future<Output = Result<T, Finding>> + Send + 'static,
) -> Begun<T> {
    let task = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(call));
    let gone = |_| Err(Finding::seen("the client's own task ended"));
    task.map(move |ended| ended.unwrap_or_else(gone)).boxed()
}

/// A stream of prices, at the client.
pub struct Subscribed(Streaming<StockPrice>);

impl Subscribed {
    pub async fn brings(&mut self, numbers: RangeInclusive<i64>) -> Verdict {
        for number in numbers {
            let late = format!("price {number} had not come");
            let came = within(AN_INSTANT, &late, self.0.message()).await??;
            let came = came.map(|price| price.timestamp);
            ensure(came == Some(number), || match came {
                Some(came) => format!("price {came} came instead of {number}"),
                None => format!("the stream ended instead of bringing price {number}"),
            })?;
        }
        Ok(())
    }

    pub async fn brings_nothing(&mut self) -> Verdict {
        match timeout(AN_INSTANT, self.0.message()).await {
            Err(_) => Ok(()),
            Ok(Ok(_)) => Err(Finding::seen(
                "a stream ended, or brought a price that is none",
            )),
            Ok(Err(status)) => Err(Finding::seen(format!(
                "a stream ended with {}",
                shown(&status)
            ))),
        }
    }

    /// Reads to the end, which has to come now.
    pub async fn ends_with(&mut self, code: Code) -> Verdict {
        let reading = async {
            for _ in 0..MORE_THAN_ENCODED {
                match self.0.message().await {
                    Ok(Some(_)) => {}
                    Ok(None) => return Ok(Ok(())),
                    Err(status) => return Ok(Err(status)),
                }
            }
            Err(Finding::seen("the stream went on after the signal"))
        };
        let end = within(AN_INSTANT, "the stream had not ended", reading).await??;
        match code {
            Code::Ok => ended(&end).well(),
            code => ended(&end).with(code).map_err(|finding| match end {
                Ok(()) => finding.hint(WITHOUT_A_STATUS),
                Err(_) => finding,
            }),
        }
    }
}
