//! What is typed, and what it means.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::config::Configurer as _;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Config, ExternalPrinter};
use tokio::sync::mpsc::Sender;

use crate::people::People;

/// Edits a line, with what was typed before behind the arrow keys.
pub struct Editor {
    lines: rustyline::Editor<(), MemHistory>,
    prompt: String,
}

impl Editor {
    pub fn new(name: &str) -> Result<Self, String> {
        let lines = rustyline::Editor::with_history(Config::default(), MemHistory::new());
        let mut lines = lines.map_err(|error| unusable(&error))?;
        lines.set_auto_add_history(true);
        let prompt = format!("{name}> ");
        Ok(Self { lines, prompt })
    }

    /// What prints above the line that is being typed.
    pub fn printer(&mut self) -> Result<Box<dyn ExternalPrinter + Send>, String> {
        let printer = self.lines.create_external_printer();
        Ok(Box::new(printer.map_err(|error| unusable(&error))?))
    }

    /// Hands over what is typed until it is enough: Ctrl-C, Ctrl-D, `/quit`, or a session that has ended.
    pub fn until_the_end(
        &mut self,
        says: &Sender<String>,
        people: &Mutex<People>,
    ) -> Result<(), String> {
        loop {
            let line = match self.lines.readline(&self.prompt) {
                Ok(line) => line,
                Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(()),
                Err(error) => return Err(unusable(&error)),
            };
            if says.is_closed() {
                return Ok(());
            }
            match line.trim() {
                "" => {}
                "/quit" => return Ok(()),
                // Nothing that holds the lock can leave the names half-changed.
                "/who" => println!(
                    "* {}",
                    people
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .shown()
                ),
                command if command.starts_with('/') => {
                    println!("* /who and /quit are all there is")
                }
                text => {
                    // Waits when the client says less than is typed; fails when the session has ended.
                    if says.blocking_send(text.to_owned()).is_err() {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Says the lines of standard input, in a thread that ends with them or with the process: a read
/// of standard input cannot be interrupted.
pub fn read_plainly(says: Sender<String>, people: Arc<Mutex<People>>) {
    std::thread::spawn(move || {
        for line in io::stdin().lines() {
            let Ok(line) = line else { return };
            match line.trim() {
                "" => {}
                "/quit" => return,
                "/who" => println!(
                    "* {}",
                    people
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .shown()
                ),
                text if says.blocking_send(text.to_owned()).is_err() => return,
                _ => {}
            }
        }
    });
}

fn unusable(error: &ReadlineError) -> String {
    format!("the terminal cannot be used: {error}")
}
