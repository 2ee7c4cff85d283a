//! What every lesson prints: each scene against its snapshot, plain and with the wire; the same
//! bytes in every run; the same events live where the scene says so.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::{LazyLock, Mutex};

use support::lines::{Line, lane, lines, wire_essence};
use support::program::{LESSONS, Lesson};
use support::snapshot;

/// How often `cargo test` plays a lesson to compare the bytes; the soak in `.ci` does it 200 times.
const PLAYS: usize = 2;

/// What a scene prints when it does not play live.
const LAB_ONLY: &str = "in the lab only: ";
/// What a scene prints when it is cut short live.
const CUT: &str = "cut here, after ";
/// Live scenes that are played beside each other. They mostly wait for the real clock; all at once
/// their starts alone would keep a small machine busy for longer than some of them take.
const AT_ONCE: usize = 12;

/// Every scene with its frames, played once: most tests below look at the same text.
static WITH_FRAMES: LazyLock<Vec<(Lesson, Vec<String>)>> = LazyLock::new(|| {
    let play = |lesson: Lesson| {
        let scenes = lesson.scenes();
        let played = scenes.iter().map(|name| lesson.scene(name, &["--wire"]));
        (lesson, played.collect())
    };
    std::thread::scope(|threads| {
        let playing = LESSONS.map(|lesson| threads.spawn(move || play(lesson)));
        let played = playing.map(|playing| playing.join().expect("every scene plays"));
        played.into()
    })
});

fn with_frames(lesson: Lesson) -> &'static [String] {
    let played = WITH_FRAMES.iter().find(|(one, _)| one.stem == lesson.stem);
    &played.expect("every lesson is played").1
}

fn each_scene(mut test: impl FnMut(Lesson, &str)) {
    for lesson in LESSONS {
        for name in lesson.scenes() {
            test(lesson, &name);
        }
    }
}

#[test]
fn every_scene_prints_its_snapshot() {
    each_scene(|lesson, name| {
        snapshot(&format!("{}.{name}", lesson.stem), &lesson.scene(name, &[]));
    });
    for lesson in LESSONS {
        for (name, played) in lesson.scenes().iter().zip(with_frames(lesson)) {
            snapshot(&format!("{}.{name}.wire", lesson.stem), played);
        }
    }
}

#[test]
fn every_snapshot_belongs_to_a_scene_or_an_exercise() {
    let mut expected = BTreeSet::new();
    each_scene(|lesson, name| {
        expected.insert(format!("{}.{name}.snap", lesson.stem));
        expected.insert(format!("{}.{name}.wire.snap", lesson.stem));
    });
    for entry in fs::read_dir("tests/snapshots").expect("snapshots are committed") {
        let name = entry
            .expect("a readable folder")
            .file_name()
            .to_string_lossy()
            .into_owned();
        // `tests/plots.rs` draws some scenes.
        let scene = name.replace(".svg.snap", ".snap");
        let is_known = expected.contains(&scene)
            || name.contains(".check.")
            || name.starts_with("sides.")
            || name == "codes.snap"
            // The runner's own tests write it.
            || name == "runner.home.snap"
            || name == "facts";
        assert!(
            is_known,
            "tests/snapshots/{name} belongs to no scene: delete it"
        );
    }
}

#[test]
fn every_run_prints_the_same_bytes_and_the_whole_lesson_is_its_scenes_one_after_the_other() {
    for lesson in LESSONS {
        let first = with_frames(lesson).join("\n");
        for _ in 1..PLAYS {
            assert_eq!(lesson.run(["--wire"]).stdout, first, "{}", lesson.stem);
        }
    }
}

#[test]
fn eighty_columns_suffice_and_there_is_no_colour_without_a_terminal() {
    for lesson in LESSONS {
        for text in [with_frames(lesson).concat(), lesson.run(["--help"]).stdout] {
            assert!(!text.contains('\u{1b}'), "{}: an escape code", lesson.stem);
            for row in text.lines() {
                assert!(row.chars().count() <= 80, "{}: {row}", lesson.stem);
            }
        }
    }
}

#[test]
fn a_scene_says_live_what_it_says_in_the_lab() {
    let mut scenes = Vec::new();
    each_scene(|lesson, name| scenes.push((lesson, name.to_owned())));
    // The longest are in the later lessons: they begin first.
    let scenes = Mutex::new(scenes.into_iter().rev());
    let next = || scenes.lock().expect("no test holds it in a panic").next();
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| {
                while let Some((lesson, name)) = next() {
                    plays_live_as_in_the_lab(lesson, &name);
                }
            });
        }
    });
}

fn plays_live_as_in_the_lab(lesson: Lesson, name: &str) {
    let lab = lines(&lesson.scene(name, &["--wire"]));
    let printed = lesson.scene(name, &["--wire", "--live"]);
    let live = lines(&printed);
    let place = format!("{} --live --scene {name}", lesson.stem);
    if printed.contains(LAB_ONLY) {
        assert_eq!(live, Vec::<Line>::new(), "{place}: nothing is played");
        return;
    }
    let is_cut = printed.contains(CUT);
    for side in ["client", "server"] {
        let (lab, live) = (lane(&lab, side), lane(&live, side));
        let compared = if is_cut { live.len() } else { lab.len() };
        assert!(
            !live.is_empty() || lab.is_empty(),
            "{place}: the {side} says nothing"
        );
        assert_eq!(
            lab.get(..compared),
            Some(&live[..]),
            "{place}: what the {side} says"
        );
    }
    // A scene whose frames are folded does not show them all.
    if !is_cut && !printed.contains('⋮') {
        assert_eq!(
            wire_essence(&lab),
            wire_essence(&live),
            "{place}: what the wire shows"
        );
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for lesson in LESSONS {
        let mut command = lesson.command(["--wire"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo has built the program");
        let stdout = child.stdout.take().expect("it is piped");
        let mut first = String::new();
        BufReader::new(stdout)
            .read_line(&mut first)
            .expect("a first line");
        // The reader is dropped here, as `head -1` ends.
        let ended = child.wait_with_output().expect("it ends");
        assert!(first.starts_with("──"), "{first}");
        assert_eq!(
            String::from_utf8_lossy(&ended.stderr),
            "",
            "{}",
            lesson.stem
        );
        assert!(ended.status.success(), "{}: {}", lesson.stem, ended.status);
    }
}

#[test]
fn the_table_of_contents_lists_every_lesson() {
    let manifest = fs::read_to_string("Cargo.toml").expect("it is there");
    let folders: BTreeSet<String> = fs::read_dir("lessons")
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("a readable folder")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))
        .collect();
    let tested: BTreeSet<String> = LESSONS
        .iter()
        .map(|lesson| lesson.stem.to_owned())
        .collect();
    assert_eq!(folders, tested);
    for lesson in LESSONS {
        let entry = format!(
            "name = \"lesson{}\"\npath = \"lessons/{}/main.rs\"",
            lesson.number(),
            lesson.stem
        );
        assert!(
            manifest.replace("\r\n", "\n").contains(&entry),
            "Cargo.toml: {entry}"
        );
    }
}
