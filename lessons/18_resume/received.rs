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
        self.balance += event.amount;
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// How many different events there are.
    fn distinct(&self) -> usize {
        self.numbers.iter().collect::<BTreeSet<_>>().len()
    }

    /// Logs the sums. `calls` is how many calls it took.
    pub fn log(&self, calls: usize) {
        let (received, distinct) = (self.len(), self.distinct());
        let repeated = received - distinct;
        info!(
            received,
            distinct,
            repeated,
            calls,
            balance = self.balance,
            "received {received} in {calls} calls: {distinct} events, {repeated} repeated; balance {}",
            self.balance
        );
    }
}
