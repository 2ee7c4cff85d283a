//! The lessons' runs, as events. Each lesson is played once for a whole test program.

use std::sync::{LazyLock, OnceLock};
use std::thread;

use run_views::run_from_json;
use workbook::run::{self, Run, Scene};

use super::program::{LESSONS, Lesson};

/// A run, and its transcripts as far as they were asked for: some scenes have 100,000 events.
struct Played {
    run: Run,
    /// Of each scene: without the wire, and with it.
    texts: Vec<[OnceLock<String>; 2]>,
}

/// The runs so far, in the lessons' order.
static PLAYED: LazyLock<Vec<OnceLock<Played>>> =
    LazyLock::new(|| LESSONS.iter().map(|_| OnceLock::new()).collect());

fn played(lesson: Lesson) -> &'static Played {
    let index = LESSONS.iter().position(|one| one.stem == lesson.stem);
    let index = index.unwrap_or_else(|| panic!("{} is no lesson", lesson.stem));
    PLAYED[index].get_or_init(|| {
        let run = events(lesson, &["--json"]);
        let texts = run.scenes.iter().map(|_| Default::default()).collect();
        Played { run, texts }
    })
}

/// All scenes of a lesson, played in the lab.
pub fn run_of(lesson: Lesson) -> &'static Run {
    &played(lesson).run
}

/// The transcript of a lesson's scene, which is one of [`run_of`].
pub fn text_of(lesson: Lesson, scene: &Scene, wire: bool) -> &'static str {
    let Played { run, texts } = played(lesson);
    let mut scenes = run.scenes.iter();
    let index = scenes.position(|one| one.head.name == scene.head.name);
    let index = index.unwrap_or_else(|| panic!("{} has no such scene", lesson.stem));
    texts[index][usize::from(wire)].get_or_init(|| run::text(scene, wire).0)
}

/// Every lesson's run. Those that are still to be played are played beside each other.
pub fn every_run() -> impl Iterator<Item = (Lesson, &'static Run)> {
    thread::scope(|threads| {
        for lesson in LESSONS {
            threads.spawn(move || run_of(lesson));
        }
    });
    LESSONS.into_iter().map(|lesson| (lesson, run_of(lesson)))
}

/// One scene of a lesson, played in the lab.
pub fn scene_of(lesson: Lesson, name: &str) -> &'static Scene {
    run_of(lesson)
        .scene(name)
        .unwrap_or_else(|| panic!("{} has no scene {name}", lesson.stem))
}

/// What a run of the program says happened; it must succeed.
pub fn events(lesson: Lesson, arguments: &[&str]) -> Run {
    let ran = lesson.run(arguments.iter().copied());
    let place = format!("{} {}", lesson.stem, arguments.join(" "));
    assert_eq!(ran.code, Some(0), "{place}: {}", ran.stderr);
    assert_eq!(ran.stderr, "", "{place}");
    run_from_json(&ran.stdout).unwrap_or_else(|error| panic!("{place}: {error}"))
}
