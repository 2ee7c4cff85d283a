//! What every lesson prints: each scene against its snapshot, plain and with the wire; the same
//! bytes in two runs; the same events live where the scene says so.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::Mutex;

use crate::support::program::{LESSONS, Lesson};
use crate::support::runs::{events, every_run, run_of, text_of};
use crate::support::{snapshot, snapshots};
use workbook::run::{Note, Run, Scene, lines_of, wire_essence};

/// Live scenes that are played beside each other. They mostly wait for the real clock; all at once
/// their starts alone would keep a small machine busy for longer than some of them take: a call with 250 ms
/// for its answer needs the processor within that time.
const AT_ONCE: usize = 6;

fn each_scene(mut test: impl FnMut(Lesson, &'static Scene)) {
    for (lesson, run) in every_run() {
        for scene in &run.scenes {
            test(lesson, scene);
        }
    }
}

#[test]
fn every_scene_has_its_transcript() {
    each_scene(|lesson, scene| {
        let name = &scene.head.name;
        let plain = format!("{}/{name}", lesson.stem);
        snapshot(&plain, text_of(lesson, scene, false));
        snapshot(&format!("{plain}.wire"), text_of(lesson, scene, true));
    });
}

#[test]
fn no_transcript_is_wider_than_80_columns() {
    each_scene(|lesson, scene| {
        for row in text_of(lesson, scene, true).lines() {
            assert!(row.chars().count() <= 80, "{}: {row}", lesson.stem);
        }
    });
}

/// The events are those of another run of the program. One scene of a lesson shows that its program prints
/// what they come to; `.ci/soak` compares every scene.
#[test]
fn the_program_prints_the_transcripts_of_its_events() {
    for (lesson, Run { scenes }) in every_run() {
        let shortest = scenes.iter().min_by_key(|scene| scene.events.len());
        let shortest = shortest.expect("a lesson has scenes");
        let name = &shortest.head.name;
        let printed = lesson.printed(name, &["--wire"]);
        assert_eq!(printed, text_of(lesson, shortest, true), "{}", lesson.stem);
        let printed = lesson.printed(name, &[]);
        assert_eq!(printed, text_of(lesson, shortest, false), "{}", lesson.stem);
    }
}

/// Scenes are printed in their order, with an empty line between two of them.
#[test]
fn a_program_without_arguments_prints_all_its_scenes() {
    let lesson = Lesson::numbered("01");
    let scenes = run_of(lesson).scenes.iter();
    let texts: Vec<&str> = scenes.map(|scene| text_of(lesson, scene, false)).collect();
    let ran = lesson.run([]);
    assert_eq!(ran.stdout, texts.join("\n"));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn every_snapshot_belongs_to_a_scene_or_an_exercise() {
    let mut expected = BTreeSet::new();
    each_scene(|lesson, Scene { head, .. }| {
        let name = &head.name;
        expected.insert(format!("{}/{name}", lesson.stem));
        expected.insert(format!("{}/{name}.wire", lesson.stem));
    });
    for name in snapshots() {
        // `tests/diagrams.rs` and `tests/plots.rs` draw some scenes.
        let scene = name.trim_end_matches(".svg");
        let is_known = expected.contains(scene)
            || LESSONS
                .iter()
                .any(|lesson| name.starts_with(&format!("{}/check.", lesson.stem)))
            || name.starts_with("sides.")
            || name.starts_with("lab.")
            || name == "codes"
            || name.starts_with("primer.")
            // `.ci/peers` writes and compares them.
            || name.starts_with("peers/")
            // `.ci/proxies` does.
            || name.starts_with("proxies/")
            // `.ci/browser` does.
            || name.starts_with("browser/")
            // `.ci/many` does.
            || name.starts_with("many/")
            // `tests/tap.rs` does.
            || name.starts_with("tap.")
            // The runner's own tests write it.
            || name == "runner.home";
        assert!(
            is_known,
            "tests/snapshots/{name}.snap belongs to no scene: delete it"
        );
    }
}

#[test]
fn help_needs_80_columns_and_has_no_colour_without_a_terminal() {
    for lesson in LESSONS {
        let help = lesson.run(["--help"]).stdout;
        assert!(!help.contains('\u{1b}'), "{}: an escape code", lesson.stem);
        for row in help.lines() {
            assert!(row.chars().count() <= 80, "{}: {row}", lesson.stem);
        }
    }
}

#[test]
fn a_scene_says_live_what_it_says_in_the_lab() {
    let queue = Mutex::new(Queue {
        lessons: LESSONS.to_vec(),
        scenes: Vec::new(),
    });
    let next = || queue.lock().expect("no test holds it in a panic").next();
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| {
                while let Some((lesson, scene)) = next() {
                    plays_live_as_in_the_lab(lesson, scene);
                }
            });
        }
    });
}

/// The scenes that are still to be played live. Those of the last lesson begin: the longest are in the
/// later lessons, and need not wait until the earlier ones have been played in the lab.
struct Queue {
    lessons: Vec<Lesson>,
    scenes: Vec<(Lesson, &'static Scene)>,
}

impl Queue {
    fn next(&mut self) -> Option<(Lesson, &'static Scene)> {
        while self.scenes.is_empty() {
            let lesson = self.lessons.pop()?;
            let scenes = run_of(lesson).scenes.iter();
            self.scenes.extend(scenes.map(|scene| (lesson, scene)));
        }
        self.scenes.pop()
    }
}

fn plays_live_as_in_the_lab(lesson: Lesson, lab: &Scene) {
    let name = &lab.head.name;
    let run = events(lesson, &["--live", "--json", "--scene", name]);
    let [live] = run.scenes.as_slice() else {
        panic!("{} --live --scene {name} plays one scene", lesson.stem);
    };
    let place = format!("{} --live --scene {name}", lesson.stem);
    let noted = |note: fn(&Note) -> bool| live.notes().any(note);
    if noted(|note| matches!(note, Note::LabOnly(_))) {
        assert_eq!(live.events.len(), 1, "{place}: nothing is played");
        return;
    }
    let is_cut = noted(|note| matches!(note, Note::Cut(_)));
    for host in lab.head.hosts.iter().map(|host| &host.name) {
        let (lab, live) = (lines_of(lab, host), lines_of(live, host));
        let compared = if is_cut { live.len() } else { lab.len() };
        assert!(
            !live.is_empty() || lab.is_empty(),
            "{place}: {host} says nothing"
        );
        assert_eq!(
            lab.get(..compared),
            Some(&live[..]),
            "{place}: what {host} says"
        );
    }
    // A scene that elides lines has more frames than windows: where they are cut is a matter of time.
    if !is_cut && lab.head.elide_after.is_none() {
        assert_eq!(
            wire_essence(lab),
            wire_essence(live),
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
    let registered: BTreeSet<String> = LESSONS
        .iter()
        .map(|lesson| lesson.stem.to_owned())
        .collect();
    assert_eq!(
        folders, registered,
        "each folder of a lesson has its [[bin]] in Cargo.toml"
    );
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
