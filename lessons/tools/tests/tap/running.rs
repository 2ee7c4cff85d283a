//! The tap as a program, and its lines as they come.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

pub fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tap"));
    command
        .args(words)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A tap before a server; it is ended when this is dropped.
pub struct Tap {
    child: Child,
    lines: BufReader<ChildStdout>,
    /// Where clients connect.
    pub addr: SocketAddr,
}

impl Tap {
    pub fn before(server: SocketAddr, more: &[&str]) -> Self {
        let server = format!("http://{server}");
        let words = [&["--listen", "127.0.0.1:0"], more, &[&server]].concat();
        let mut child = command(&words).spawn().expect("cargo has built it");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped"));
        let first = line(&mut lines).expect("it says where it listens");
        // As JSON, the address is in the scene's title.
        let addr = first.rsplit('"').find_map(|part| {
            let word = part.split_whitespace().next().unwrap_or(part);
            word.parse().ok()
        });
        Self {
            child,
            lines,
            addr: addr.unwrap_or_else(|| panic!("no address: {first}")),
        }
    }

    /// The lines up to and with the first that contains `end`.
    pub fn until(&mut self, end: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = line(&mut self.lines);
            lines.push(line.unwrap_or_else(|| panic!("it ended without {end:?}: {lines:#?}")));
            if lines.last().is_some_and(|line| line.contains(end)) {
                return lines;
            }
        }
    }

    /// The same as JSON.
    pub fn events_until(&mut self, end: &str) -> Vec<Value> {
        let parse = |line: &String| serde_json::from_str(line).expect("a line is an object");
        self.until(end).iter().map(parse).collect()
    }

    /// Ctrl-C. The rest of its lines, and its exit code.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> (Vec<String>, Option<i32>) {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-INT", &pid]).status();
        assert!(killed.is_ok_and(|status| status.success()));
        let mut rest = Vec::new();
        while let Some(line) = line(&mut self.lines) {
            rest.push(line);
        }
        (rest, self.child.wait().expect("it ends").code())
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(lines: &mut BufReader<ChildStdout>) -> Option<String> {
    let mut line = String::new();
    let length = lines.read_line(&mut line).expect("it prints UTF-8");
    (length > 0).then(|| line.trim_end().to_owned())
}

/// What stands behind the time and the lane, rows that go on joined.
pub fn said<'a>(lines: &'a [String], lane: &str) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in lines {
        let row: &'a str = line.get(11..).unwrap_or_default();
        match row.strip_prefix(&format!("{lane:<6}  ")) {
            Some(text) => {
                is_open = true;
                said.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            None if is_open && row.starts_with(' ') => {
                if let Some(last) = said.last_mut() {
                    last.push(' ');
                    last.push_str(row.trim());
                }
            }
            None => is_open = false,
        }
    }
    said
}
