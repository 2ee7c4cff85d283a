//! The callers of the exercise, `next` and `show`: what they do, and what they have seen.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::time::sleep;
use workbook::proto::chat::ChatMessage;

/// What `next` and `show` do.
#[derive(Debug, Clone, Copy)]
pub struct Callers {
    /// How many messages `next` returns.
    pub count: usize,
    /// The bytes of each.
    pub size: usize,
    /// How long `next` takes for each, once it has its message …
    pub next_takes: Duration,
    /// … and `show`.
    pub show_takes: Duration,
    /// Whether `next` returns None at the end, or never returns.
    pub ends: bool,
}

impl Callers {
    /// So many small messages, and then None, all without a pause.
    pub const fn of(count: usize) -> Self {
        Self {
            count,
            size: 10,
            next_takes: Duration::ZERO,
            show_takes: Duration::ZERO,
            ends: true,
        }
    }

    /// The same with messages of 1 KiB.
    pub const fn of_1_kib(count: usize) -> Self {
        Self {
            size: 1024,
            ..Self::of(count)
        }
    }

    pub const fn bytes(self, size: usize) -> Self {
        Self { size, ..self }
    }

    pub const fn next_takes(self, next_takes: Duration) -> Self {
        Self { next_takes, ..self }
    }

    pub const fn show_takes(self, show_takes: Duration) -> Self {
        Self { show_takes, ..self }
    }

    /// `next` does not return None after the last message: it never returns.
    pub const fn stay(self) -> Self {
        Self {
            ends: false,
            ..self
        }
    }

    /// The message of this number, as the server receives it and sends it back.
    pub fn message(&self, number: usize) -> ChatMessage {
        ChatMessage {
            user_id: number.to_string(),
            content: "x".repeat(self.size),
            timestamp: 1_700_000_000,
            room_id: "hall".to_owned(),
        }
    }
}

/// What the callers have seen so far.
#[derive(Default)]
pub struct Seen {
    taken: Cell<usize>,
    pub most_held: Cell<usize>,
    has_returned_none: Cell<bool>,
    pub asked_after_none: Cell<usize>,
    pub shown: RefCell<Vec<ChatMessage>>,
}

impl Seen {
    pub async fn next(&self, callers: Callers) -> Option<ChatMessage> {
        let number = self.taken.get();
        if number == callers.count {
            if !callers.ends {
                std::future::pending::<()>().await;
            }
            let again = usize::from(self.has_returned_none.replace(true));
            self.asked_after_none
                .set(self.asked_after_none.get() + again);
            return None;
        }
        self.taken.set(number + 1);
        let held = number + 1 - self.shown.borrow().len();
        self.most_held.set(self.most_held.get().max(held));
        // It has its message now: an exercise that drops the future here loses it.
        if !callers.next_takes.is_zero() {
            sleep(callers.next_takes).await;
        }
        Some(callers.message(number))
    }

    pub async fn show(&self, callers: Callers, reply: ChatMessage) {
        if !callers.show_takes.is_zero() {
            sleep(callers.show_takes).await;
        }
        self.shown.borrow_mut().push(reply);
    }
}
