//! The exercise, as its check calls it.

use super::check::Subject;
use super::exercise::{client, exchange};

pub const SUBJECT: Subject = Subject {
    client,
    exchange: |channel, mut next, mut show| {
        Box::pin(exchange(
            channel,
            async move || next().await,
            async move |reply| show(reply).await,
        ))
    },
};
