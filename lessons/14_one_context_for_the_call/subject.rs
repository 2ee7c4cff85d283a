//! The exercise, as its check uses it.

use futures::future::BoxFuture;
use tonic::Status;
use workbook::proto::chat::ChatMessage;

use super::check::{Call, Subject};
use super::exercise::{Subscription, all_or_none};

impl Call for Subscription {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<ChatMessage>, Status>> {
        Box::pin(self.next())
    }
}

pub const SUBJECT: Subject = Subject {
    open: |channel, source| {
        Box::pin(async move {
            let call: Box<dyn Call> = Box::new(Subscription::open(channel, source).await?);
            Ok(call)
        })
    },
    all_or_none: |members| Box::pin(all_or_none(members)),
};
