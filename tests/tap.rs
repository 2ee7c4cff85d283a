//! `tap` before the lessons' own servers, and what the book says about it. Its other promises are in
//! `lessons/tools/tests/tap`.

mod directions;
mod masked;
mod running;

use std::io::pipe;
use std::thread;

use run_views::run_from_json;
use workbook::run::wire_essence;
use workbook_tools::call;
use workbook_tools::tap::{self, Output, Refused, SUSPECTS};

use directions::{Shown, directions};
use masked::{masked, without_messages};
use running::Running;

use crate::support::book::{Page, pages};
use crate::support::grpcurl::split_words;
use crate::support::program::Lesson;
use crate::support::runs::scene_of;
use crate::support::served::Served;
use crate::support::snapshot;

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
    let lab = scene_of(lesson, "fixed");
    let essence = wire_essence(lab);
    assert_eq!(wire_essence(&run.scenes[0]), essence);
    assert!(essence[0].contains("1000 messages"), "{essence:?}");
    snapshot("tap.lesson10_lab", &directions(lab, Shown::Counted));
    let tcp = directions(&run.scenes[0], Shown::Masked);
    snapshot("tap.lesson10_tcp", &tcp);
}

/// Lesson 09's fault, made by a client whose own output is not read any more: a pager, a pipe, a terminal that
/// has been stopped.
#[test]
fn the_chapter_shows_what_the_tap_prints_of_a_stream_that_stops_in_the_middle() {
    const METHOD: &str = "files.v1.FileService/DownloadFile";
    let served = Served::start(Lesson::numbered("09"), &[]);
    let only = format!("/{METHOD}");
    let more = ["--stalled", "300ms", "--no-reflection", "--only", &only];
    let (mut tap, _) = Running::before(&served, &more);
    let (unread, printed) = pipe().expect("the system gives us a pipe");
    let addr = tap.addr.to_string();
    let client = thread::spawn(move || {
        let line = ["-plaintext", "-d", "{\"file_id\":\"3000\"}", &addr, METHOD];
        let words = line.map(str::to_owned);
        let mut printed = printed;
        call::run(&words, std::io::empty(), &mut printed, &mut Vec::new())
    });
    let text = tap
        .until("lessons 09, 10")
        .replace(&tap.addr.to_string(), "127.0.0.1:50052");
    let text = masked(&text.replace(&served.addr.to_string(), "127.0.0.1:50051"));
    snapshot("tap.stops", &without_messages(&text));
    // Its next row cannot be written, which ends it.
    drop(unread);
    client.join().expect("the call ends");
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
            // The tests build no TLS, without which only this part of an address is refused.
            let command = command.replace("https://", "http://");
            let mut words = vec!["tap".to_owned()];
            words.extend(split_words(&command));
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
