//! What a check reports while it runs: one record a line on standard output.
//!
//! A record is a JSON object behind a control character that no program prints by chance (the
//! record separator, as in RFC 7464). Everything else on standard output is what the student's own
//! code has printed.

mod json;

use std::collections::VecDeque;
use std::io::{self, BufRead, Read as _, Write};

const MARK: char = '\u{1e}';

/// Of a line that does not end, this many bytes are read before it is passed on: a loop of `print!`
/// must not fill the memory.
const LONGEST_LINE: u64 = 64 * 1024;

/// One thing that a check reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The check begins. Its expectations, in the order in which they are tried.
    Begun {
        /// All of them.
        expectations: Vec<String>,
    },
    /// An expectation is being tried.
    Trying {
        /// Which one.
        expectation: String,
    },
    /// An expectation holds.
    Holds {
        /// Which one.
        expectation: String,
    },
    /// An expectation does not hold.
    Finding {
        /// Which one.
        expectation: String,
        /// What happened instead.
        seen: String,
        /// A hint that does not spoil.
        hint: String,
    },
    /// A `todo!()` was reached.
    Todo {
        /// The expectation that was being tried.
        expectation: String,
        /// What the `todo!()` says.
        task: String,
        /// File and line.
        place: String,
    },
    /// An expectation was not tried, because the check could not go on.
    Untried {
        /// Which one.
        expectation: String,
    },
    /// The student's code printed a line.
    Printed {
        /// The line, without its end.
        line: String,
    },
    /// The student's code printed more lines than are passed on.
    PrintedMore {
        /// How many were left out.
        lines: usize,
    },
    /// The check has come to its end: no record follows.
    Done,
}

impl Record {
    /// Writes the record as a line of its own, with a single write.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(format!("{MARK}{}\n", self.json()).as_bytes())?;
        out.flush()
    }
}

/// The records that another program writes, as they come. What lies between them is
/// [`Record::Printed`].
#[derive(Debug)]
pub struct Records<R> {
    reader: R,
    waiting: VecDeque<Record>,
}

impl<R: BufRead> Records<R> {
    /// Reads the standard output of a check.
    pub fn of(reader: R) -> Self {
        Self {
            reader,
            waiting: VecDeque::new(),
        }
    }

    /// The next line, with its end; empty at the end of the output.
    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            let read = self.reader.by_ref().take(LONGEST_LINE);
            let length = { read }.read_until(b'\n', &mut line)?;
            let has_begun_a_record = line.contains(&(MARK as u8));
            if length == 0 || line.ends_with(b"\n") || !has_begun_a_record {
                return Ok(line);
            }
        }
    }

    fn split(&mut self, line: &str) {
        let record = line
            .match_indices(MARK)
            .find_map(|(at, _)| Some((at, Record::parse(&line[at + MARK.len_utf8()..])?)));
        // `print!` leaves a line open, and the record that follows is written behind it.
        let (printed, record) = match record {
            Some((at, record)) => (&line[..at], Some(record)),
            None => (line, None),
        };
        if record.is_none() || !printed.is_empty() {
            let line = printed.to_owned();
            self.waiting.push_back(Record::Printed { line });
        }
        self.waiting.extend(record);
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Record;

    /// The next record; `None` at the end of the output, or when it cannot be read any more.
    fn next(&mut self) -> Option<Record> {
        if self.waiting.is_empty() {
            let line = self.line().ok().filter(|line| !line.is_empty())?;
            let line = String::from_utf8_lossy(&line);
            self.split(line.trim_end_matches(['\r', '\n']));
        }
        self.waiting.pop_front()
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
