//! How the lines end that book and programs tell a reader to type.

use tonic::Code;

use super::program::Lesson;

/// What grpcurl adds to a status code for its exit code.
const STATUS: i32 = 64;

/// The lines that do not end with OK: the lesson's number, a part of the line, and its status; `None` where
/// the line makes no call.
pub struct Ends(pub &'static [(&'static str, &'static str, Option<Code>)]);

impl Ends {
    /// Compares all lines that were typed, each with the exit code that it ended with.
    pub fn are_the_ends_of(&self, seen: &[(Lesson, String, i32)]) {
        let mut wrong = Vec::new();
        for (lesson, line, code) in seen {
            let mut of_line = self.0.iter().filter(|end| is_of(end, *lesson, line));
            let expected = of_line.next().map_or(0, |(_, _, end)| match end {
                Some(status) => STATUS + *status as i32,
                None => 1,
            });
            if *code != expected {
                wrong.push(format!(
                    "{line}\n  ends with {code}, and not with {expected}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for end in self.0 {
            let lines = seen
                .iter()
                .filter(|(lesson, line, _)| is_of(end, *lesson, line));
            assert_eq!(lines.count(), 1, "lines of {end:?}");
        }
    }
}

/// A part that begins with the program's name is the line's beginning.
fn is_of((number, part, _): &(&str, &str, Option<Code>), lesson: Lesson, line: &str) -> bool {
    let is_there = if part.starts_with("grpcurl ") {
        line.starts_with(part)
    } else {
        line.contains(part)
    };
    is_there && lesson.number() == *number
}
