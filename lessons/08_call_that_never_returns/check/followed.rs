//! One call of the exercise, run to its end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::{Code, Status};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::super::exercise::follow;
use super::peers::{Act, Counts, meet};

/// No correct call below takes longer than this, in virtual time.
pub const RETURNS_WITHIN: Duration = Duration::from_secs(600);

/// The exercise's patience in every call below.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What the exercise returned, and what it showed.
pub struct Followed {
    pub result: Result<(), Status>,
    pub shown: Vec<String>,
    pub counts: Counts,
}

impl Followed {
    pub fn ended_well(self, what: &str) -> Result<Self, Finding> {
        if let Err(status) = &self.result {
            let (code, message) = (status.code(), status.message());
            return Err(Finding::seen(format!(
                "{what}: it returned {code:?} {message:?}"
            )));
        }
        Ok(self)
    }

    pub fn failed(&self, what: &str, code: Code) -> Verdict {
        ensure(
            self.result
                .as_ref()
                .is_err_and(|status| status.code() == code),
            || {
                let got = match &self.result {
                    Ok(()) => "Ok".to_owned(),
                    Err(status) => format!("{:?} {:?}", status.code(), status.message()),
                };
                format!("{what}: it returned {got}")
            },
        )
    }
}

pub async fn played(lab: &Lab, act: Act) -> Result<Followed, Finding> {
    played_from(lab, act, Counts::default()).await
}

/// The same with a given source.
pub async fn played_from(lab: &Lab, act: Act, counts: Counts) -> Result<Followed, Finding> {
    let channel = meet(lab, act, &counts).await?;
    let shown = Arc::new(Mutex::new(Vec::new()));
    let shown_here = Arc::clone(&shown);
    let show = move |reply: workbook::proto::chat::ChatMessage| {
        shown_here
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(reply.user_id);
    };
    let result = timeout(
        RETURNS_WITHIN,
        follow(channel, counts.source(), PATIENCE, show),
    )
    .await;
    let result = result.map_err(|_| {
        let minutes = RETURNS_WITHIN.as_secs() / 60;
        Finding::seen(format!(
            "it had not returned after {minutes} minutes, {} messages read by the server; open: {}",
            counts.read(),
            lab.open_calls()
        ))
    })?;
    // What the end of the call ends has ended after this.
    sleep(Duration::from_millis(10)).await;
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Followed {
        result,
        shown,
        counts,
    })
}

pub async fn served(lab: &Lab, act: Act) -> Result<Followed, Finding> {
    let what = format!("a server that answers after message {}", act.wants);
    played(lab, act).await?.ended_well(&what)
}

/// A server that takes the connection and does nothing with it.
pub async fn silent(lab: &Lab) -> Result<Followed, Finding> {
    played(
        lab,
        Act {
            wants: 0,
            opens_after: RETURNS_WITHIN * 2,
            ..Act::default()
        },
    )
    .await
}
