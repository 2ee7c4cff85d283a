//! What a member has heard, counted.

use std::collections::BTreeMap;

use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::forum::Heard;

/// How often each message was heard.
#[derive(Debug, Default)]
pub struct Received(BTreeMap<u64, usize>);

impl Received {
    pub fn add(&mut self, heard: &Heard) {
        *self.0.entry(heard.sequence).or_default() += 1;
    }

    pub fn add_all(&mut self, messages: Vec<Heard>) {
        messages.iter().for_each(|heard| self.add(heard));
    }

    /// Listens until the message `last` has come, or the call ends.
    pub async fn hear(&mut self, mut messages: Streaming<Heard>, last: &str) -> Result<(), Status> {
        while let Some(heard) = messages.message().await? {
            self.add(&heard);
            if heard.text == last || heard.text.ends_with(&format!(" {last}")) {
                return Ok(());
            }
        }
        Err(Status::unknown("the stream has ended"))
    }

    /// The highest number.
    pub fn last(&self) -> u64 {
        self.0.last_key_value().map_or(0, |(last, _)| *last)
    }

    /// How many of the first `said` messages were not heard.
    pub fn lost(&self, said: u64) -> u64 {
        let heard = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        said.saturating_sub(heard)
    }

    /// How many were heard again.
    pub fn twice(&self) -> usize {
        self.0.values().map(|times| times - 1).sum()
    }

    pub fn log(&self, said: u64) {
        let (heard, lost, twice) = (self.0.len() + self.twice(), self.lost(said), self.twice());
        info!(
            said,
            heard, lost, twice, "{said} said, {heard} heard: {lost} lost, {twice} twice"
        );
    }
}
