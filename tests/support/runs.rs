//! The lessons' runs, as events. Each lesson is played once for a whole test program.

use std::sync::{LazyLock, OnceLock};
use std::thread;

use run_views::run_from_json;
use workbook::run::{Run, Scene};

use super::program::{LESSONS, Lesson};

/// The runs so far, in the lessons' order.
static RUNS: LazyLock<Vec<OnceLock<Run>>> =
    LazyLock::new(|| LESSONS.iter().map(|_| OnceLock::new()).collect());

/// All scenes of a lesson, played in the lab.
pub fn run_of(lesson: Lesson) -> &'static Run {
    let index = LESSONS.iter().position(|one| one.stem == lesson.stem);
    let index = index.unwrap_or_else(|| panic!("{} is no lesson", lesson.stem));
    RUNS[index].get_or_init(|| events(lesson, &["--json"]))
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
