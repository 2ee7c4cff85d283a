//! What a client has received, counted.

use std::collections::BTreeSet;

use tracing::info;
use workbook::proto::events::Event;

/// The events that a client has received, repeated ones included.
#[derive(Debug, Default)]
pub struct Received {
    pub last: u64,
    numbers: Vec<u64>,
    balance: i64,
}

impl Received {
    pub fn add(&mut self, event: &Event) {
        self.last = event.number;
        self.numbers.push(event.number);
        self.balance = self.balance.saturating_add(event.amount);
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// How many different events there are.
    fn distinct(&self) -> usize {
        self.numbers.iter().collect::<BTreeSet<_>>().len()
    }

    /// Logs the sums.
    pub fn log(&self) {
        let (received, distinct) = (self.len(), self.distinct());
        let (repeated, balance) = (received - distinct, self.balance);
        info!(
            received,
            distinct,
            repeated,
            balance,
            "{received} received, {distinct} distinct, {repeated} repeated; balance {balance}"
        );
    }
}
