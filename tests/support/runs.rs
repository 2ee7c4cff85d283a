//! The lessons' runs, as events. Each lesson is played once for a whole test program.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use workbook::run::{Run, Scene};

use super::program::Lesson;

/// The runs so far, by the lesson's name.
static RUNS: LazyLock<Mutex<BTreeMap<&'static str, &'static Run>>> = LazyLock::new(Mutex::default);

/// All scenes of a lesson, played in the lab.
pub fn run_of(lesson: Lesson) -> &'static Run {
    let known = RUNS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(lesson.stem)
        .copied();
    known.unwrap_or_else(|| {
        // Two tests that play it at the same time get the same events.
        let run = Box::leak(Box::new(events(lesson, &["--json"])));
        RUNS.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(lesson.stem, run);
        run
    })
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
    Run::from_json(&ran.stdout).unwrap_or_else(|error| panic!("{place}: {error}"))
}
