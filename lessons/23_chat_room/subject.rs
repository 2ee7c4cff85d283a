//! The exercise, as its check uses it.

use futures::future::BoxFuture;
use tokio::time::Instant;
use tonic::Status;

use super::check::{ChatRoom, Stay, Subject, Talks};
use super::exercise::{Member, Room};

pub const SUBJECT: Subject = |kept| Box::new(Room::new(kept));

impl ChatRoom for Room {
    fn join<'a>(
        &'a self,
        name: &'a str,
        after: Option<u64>,
        expires: Instant,
    ) -> BoxFuture<'a, Result<Stay, Status>> {
        Box::pin(async move {
            let (member, hears) = self.join(name, after, expires).await?;
            Ok((Box::new(member) as Box<dyn Talks>, hears))
        })
    }

    fn here(&self) -> Vec<String> {
        self.here()
    }
}

impl Talks for Member {
    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<u64, Status>> {
        Box::pin(self.say(text))
    }

    fn renew(&self, expires: Instant) {
        self.renew(expires);
    }
}
