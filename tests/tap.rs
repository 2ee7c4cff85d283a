//! `tap` before the lessons' own servers, and what the book says about it. Its other promises are in
//! `lessons/tools/tests/tap`.

use std::io::{BufRead as _, BufReader, PipeReader, pipe};
use std::net::SocketAddr;
use std::thread::{self, JoinHandle};

use run_views::run_from_json;
use tokio::sync::oneshot;
use workbook::run::wire_essence;
use workbook_tools::call;
use workbook_tools::tap::{self, Output, Refused, SUSPECTS};

use crate::support::book::{Page, pages};
use crate::support::grpcurl::split_words;
use crate::support::program::Lesson;
use crate::support::runs::scene_of;
use crate::support::served::Served;
use crate::support::snapshot;

/// A tap that runs in a thread; it ends when this is dropped.
struct Running {
    addr: SocketAddr,
    lines: BufReader<PipeReader>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), Refused>>>,
}

impl Running {
    fn before(served: &Served, more: &[&str]) -> (Self, String) {
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
    fn until(&mut self, end: &str) -> String {
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
    fn end(&mut self) {
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

#[test]
fn lesson_10_over_tcp_through_the_tap_has_the_frames_of_the_lab_in_each_direction() {
    let lesson = Lesson::numbered("10");
    let served = Served::start(lesson, &[]);
    let (mut tap, mut json) = Running::before(&served, &["--json", "--no-reflection"]);
    let url = format!("http://{}", tap.addr);
    let mut client = lesson
        .command(["connect", &url, "--scene", "fixed"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("cargo has built it");
    json += &tap.until("\"how\":");
    tap.end();
    json += &tap.until("{\"type\":\"end\"}");
    assert!(client.wait().expect("it ends").success());
    let run = run_from_json(&json).expect("it is what a lesson prints");
    let lab = wire_essence(scene_of(lesson, "fixed"));
    assert_eq!(wire_essence(&run.scenes[0]), lab);
    assert!(lab[0].contains("1000 messages"), "{lab:?}");
}

/// Lesson 08's fault, made with grpcurl's words: a call without a first message.
#[test]
fn the_chapter_shows_what_the_tap_prints_of_a_call_that_hangs() {
    let served = Served::start(Lesson::numbered("08"), &[]);
    let more = ["--stalled", "300ms", "--only", "/chat.v1.ChatService/Chat"];
    let (mut tap, _) = Running::before(&served, &more);
    // It ends when this is dropped.
    let (typed, typing) = pipe().expect("the system gives us a pipe");
    let addr = tap.addr.to_string();
    let client = thread::spawn(move || {
        let line = ["-plaintext", "-d", "@", &addr, "chat.v1.ChatService/Chat"];
        let words = line.map(str::to_owned);
        call::run(&words, typed, &mut Vec::new(), &mut Vec::new())
    });
    let text = tap.until("lesson 08");
    let text = text
        .replace(&tap.addr.to_string(), "127.0.0.1:50052")
        .replace(&served.addr.to_string(), "127.0.0.1:50051");
    snapshot("tap.hangs", &masked(&text));
    drop(typing);
    client.join().expect("the call ends");
}

/// Without what changes from run to run: times, and the client's port.
fn masked(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let is_row = line.is_char_boundary(9) && !line.starts_with('─');
        let row = if is_row {
            &line[9.min(line.len())..]
        } else {
            line
        };
        let indent = if is_row { "         " } else { "" };
        let row = without_number(row, "from 127.0.0.1:", "");
        let row = without_number(&row, "nothing for ", " s");
        let row = without_number(&row, "sent last, ", " s");
        lines.push_str(&format!("{indent}{row}\n"));
    }
    lines
}

/// The text with the number between these words left out.
fn without_number(text: &str, before: &str, after: &str) -> String {
    let Some((head, rest)) = text.split_once(before) else {
        return text.to_owned();
    };
    let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    assert!(tail.starts_with(after), "{text}");
    format!("{head}{before}…{tail}")
}

fn page() -> Page {
    pages()
        .into_iter()
        .find(|page| page.name == "my_stream_hangs.md")
        .expect("it is there")
}

#[test]
fn the_chapter_lists_everything_that_the_tap_can_suspect_with_its_lessons() {
    let page = page();
    let rows: Vec<&str> = page
        .text
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    for suspect in SUSPECTS {
        let row = rows
            .iter()
            .find(|row| row.starts_with(&format!("| {} |", suspect.words)));
        let row = row.unwrap_or_else(|| panic!("no row for {suspect}"));
        for lesson in suspect.lessons.split(", ") {
            assert!(row.contains(&format!("[{lesson}](")), "{row}");
        }
    }
}

#[test]
fn every_tap_command_of_the_book_is_one_that_the_tap_understands() {
    let mut commands = 0;
    for page in pages() {
        for rest in page.text.split("cargo run -q -- tap ").skip(1) {
            let command = rest.split(['\n', '`', '<']).next().unwrap_or_default();
            let mut words = vec!["tap".to_owned()];
            words.extend(split_words(command));
            words.push("--help".to_owned());
            let refused = tap::run(words, Output::plain(std::io::sink()), async { Ok(()) });
            // Whatever stands before is read first.
            let Err(Refused::Words(help)) = refused else {
                panic!("{}: {command}", page.name)
            };
            assert!(!help.use_stderr(), "{}: {help}", page.name);
            commands += 1;
        }
    }
    assert!(commands >= 3, "{commands}");
}
