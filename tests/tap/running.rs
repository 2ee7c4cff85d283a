//! The tap in a thread of the tests.

use std::io::{BufRead as _, BufReader, PipeReader, pipe};
use std::net::SocketAddr;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;
use workbook_tools::tap::{self, Output, Refused};

use crate::support::served::Served;

/// A tap that runs in a thread; it ends when this is dropped.
pub struct Running {
    pub addr: SocketAddr,
    lines: BufReader<PipeReader>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), Refused>>>,
}

impl Running {
    pub fn before(served: &Served, more: &[&str]) -> (Self, String) {
        let (reads, writes) = pipe().expect("the system gives us a pipe");
        let (end, ended) = oneshot::channel();
        let words = ["tap", "--listen", "127.0.0.1:0"].iter().chain(more);
        let mut words: Vec<String> = words.map(|&word| word.to_owned()).collect();
        words.push(format!("http://{}", served.addr));
        let thread = thread::spawn(move || {
            tap::run(words, Output::plain(writes), async {
                // Dropping the other half means the end, too.
                let _ = ended.await;
                Ok(())
            })
        });
        let mut lines = BufReader::new(reads);
        let mut first = String::new();
        lines.read_line(&mut first).expect("it prints UTF-8");
        // As JSON, the address begins the scene's title.
        let words = first.split(|c: char| c == '"' || c.is_whitespace());
        let addr = words.filter_map(|word| word.parse().ok()).next();
        let tap = Self {
            addr: addr.unwrap_or_else(|| panic!("no address: {first}")),
            lines,
            end: Some(end),
            thread: Some(thread),
        };
        (tap, first)
    }

    /// What it prints up to and with the line that contains `end`.
    pub fn until(&mut self, end: &str) -> String {
        let mut text = String::new();
        let mut from = 0;
        while !text[from..].contains(end) {
            from = text.len();
            let length = self.lines.read_line(&mut text).expect("it prints UTF-8");
            assert!(length > 0, "it ended without {end:?}: {text}");
        }
        text
    }

    /// Asks it to end.
    pub fn end(&mut self) {
        drop(self.end.take());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
        // Nothing reads what it still prints, and that ends it as well.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
