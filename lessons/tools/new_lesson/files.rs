//! The files that are the lesson's own.

use super::Written;
use super::name::Name;

/// Where each file is, and what it is made from.
const FILES: [(&str, &str); 14] = [
    ("lessons/@STEM@/main.rs", include_str!("templates/main.rs")),
    (
        "lessons/@STEM@/client.rs",
        include_str!("templates/client.rs"),
    ),
    (
        "lessons/@STEM@/subject.rs",
        include_str!("templates/subject.rs"),
    ),
    (
        "lessons/@STEM@/check.rs",
        include_str!("templates/check.rs"),
    ),
    // The student's file begins as the starter.
    (
        "lessons/@STEM@/exercise.rs",
        include_str!("templates/starter.rs"),
    ),
    (
        "lessons/@STEM@/requests/ada.json",
        include_str!("templates/request.json"),
    ),
    (
        "solutions/@STEM@/starter.rs",
        include_str!("templates/starter.rs"),
    ),
    (
        "solutions/@STEM@/solution.rs",
        include_str!("templates/solution.rs"),
    ),
    (
        "solutions/@STEM@/wrong_one.rs",
        include_str!("templates/wrong_one.rs"),
    ),
    (
        "solutions/@STEM@/wrong_two.rs",
        include_str!("templates/wrong_two.rs"),
    ),
    (
        "solutions/@STEM@/wrong_three.rs",
        include_str!("templates/wrong_three.rs"),
    ),
    (
        "solutions/@STEM@/hints.md",
        include_str!("templates/hints.md"),
    ),
    ("book/src/@STEM@.md", include_str!("templates/chapter.md")),
    (
        "tests/facts/lesson_@NN@.rs",
        include_str!("templates/facts.rs"),
    ),
];

/// The new files of a lesson.
pub(super) fn of(name: &Name) -> Vec<Written> {
    FILES
        .iter()
        .map(|(path, template)| Written {
            path: name.fill(path),
            text: name.fill(template),
        })
        .collect()
}
