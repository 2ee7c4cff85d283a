//! What the check expects of an answer.

use std::time::Duration;

use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;
use workbook::grade::{AN_INSTANT, Finding, Verdict, ended, ensure, seconds, within};
use workbook::proto::stocks::StockPrice;

use super::SECOND;
use super::clients::{Client, Opened};

/// Expects so many more streams to be admitted, and each to bring its first price.
pub async fn admitted(
    client: &Client,
    streams: usize,
) -> Result<Vec<Streaming<StockPrice>>, Finding> {
    let mut open = Vec::new();
    for _ in 0..streams {
        let name = client.name();
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

/// Expects none of these answers to be a refusal.
pub fn answered(answers: impl IntoIterator<Item = Opened>) -> Verdict {
    answers
        .into_iter()
        .try_for_each(|answer| is_no_refusal(answer).map(drop))
}

pub fn is_no_refusal(answer: Opened) -> Result<Option<Streaming<StockPrice>>, Finding> {
    match answer {
        Ok(prices) => Ok(Some(prices)),
        Err(status) if status.code() == Code::ResourceExhausted => Err(Finding::seen(format!(
            "a place was not given back: {}",
            status.message()
        ))),
        Err(_) => Ok(None),
    }
}
