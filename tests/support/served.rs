//! A lesson's `serve`, running as a class sees it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Stdio};

use super::program::Lesson;

/// A served lesson; it is ended when this is dropped.
pub struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub addr: SocketAddr,
    /// What it suggested to type, one line each.
    pub suggestions: Vec<String>,
    /// All that it printed before the first frame.
    pub introduction: String,
}

impl Served {
    /// Runs `serve` on a free port of loopback, with more arguments.
    pub fn start(lesson: Lesson, more: &[&str]) -> Self {
        let arguments = ["serve", "--addr", "127.0.0.1:0"]
            .into_iter()
            .chain(more.iter().copied());
        let mut child = lesson
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo has built the program");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut lines = Vec::new();
        // The introduction ends with the heading of what follows.
        while !lines
            .last()
            .is_some_and(|line: &String| line.starts_with("──"))
        {
            let mut line = String::new();
            let length = stdout.read_line(&mut line).expect("it prints UTF-8");
            assert!(length > 0, "{} serve ended after {lines:?}", lesson.stem);
            lines.push(line.trim_end().to_owned());
        }
        let addr = lines[0]
            .parse()
            .expect("the first line is the bound address");
        let suggestions = lines
            .iter()
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| line.starts_with("grpcurl "))
            .map(str::to_owned)
            .collect();
        Self {
            child,
            stdout,
            addr,
            suggestions,
            introduction: lines.join("\n"),
        }
    }

    /// A raw connection, for peers that do not behave.
    pub fn raw(&self) -> TcpStream {
        TcpStream::connect(self.addr).expect("it listens")
    }

    /// Asks the server to end, as Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let pid = self.child.id().to_string();
        let killed = std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status();
        assert!(
            killed.is_ok_and(|status| status.success()),
            "kill -INT {pid}"
        );
    }

    /// Reads what the server prints, up to a line that contains `words`.
    pub fn read_until(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            let length = self.stdout.read_line(&mut line).expect("it prints UTF-8");
            assert!(length > 0, "the server ended without saying {words:?}");
        }
        line
    }

    /// Waits for the server to end by itself; returns what it still printed, and its exit code.
    pub fn ended(mut self) -> (String, Option<i32>) {
        let mut rest = String::new();
        self.stdout
            .read_to_string(&mut rest)
            .expect("it prints UTF-8");
        (rest, self.child.wait().expect("it ends").code())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
