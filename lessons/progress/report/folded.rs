//! A report that is longer than the screen. What has to be changed stays visible longest.

use super::{FAILS, HOLDS, Layout, PRINTED, Report, UNTRIED};
use crate::record::Record;

/// What is left out.
#[derive(Debug, Clone, Copy, Default)]
struct Fold {
    /// The expectations that hold are a count.
    holds: bool,
    /// What the student's code printed is a count.
    printed: bool,
    /// The expectations that were not tried are a count.
    untried: bool,
    /// From this finding on, only the expectation is shown.
    short_from: Option<usize>,
    /// From this finding on, they are a count.
    hidden_from: Option<usize>,
}

impl Report {
    /// The report in at most `rows` lines, as far as possible: first what holds is folded into a
    /// count, then what was printed, then what was not tried, and at last the findings from the end
    /// on, because the first finding is the one to work on.
    #[must_use]
    pub fn fitted(&self, layout: Layout, rows: usize) -> String {
        let fits = |text: &String| text.lines().count() <= rows;
        let findings = self.findings();
        let folded = Fold {
            holds: true,
            printed: true,
            untried: true,
            ..Fold::default()
        };
        let by_kind = [
            Fold::default(),
            Fold {
                holds: true,
                ..Fold::default()
            },
            Fold {
                untried: false,
                ..folded
            },
            folded,
        ];
        let shorter = (1..findings).rev().map(|from| Fold {
            short_from: Some(from),
            ..folded
        });
        let fewer = (1..findings).rev().map(|from| Fold {
            short_from: Some(1),
            hidden_from: Some(from),
            ..folded
        });
        let shortest = Fold {
            short_from: Some(0),
            hidden_from: Some(1),
            ..folded
        };
        let all = by_kind.into_iter().chain(shorter).chain(fewer);
        let mut text = String::new();
        for fold in all.chain([shortest]) {
            text = self.folded(layout, fold);
            if fits(&text) {
                break;
            }
        }
        text
    }

    fn folded(&self, layout: Layout, fold: Fold) -> String {
        let mut text = String::new();
        let (mut held, mut printed, mut untried, mut findings) = (0, 0, 0, 0);
        for record in &self.records {
            match record {
                Record::Holds { .. } if fold.holds => held += 1,
                Record::Printed { .. } if fold.printed => printed += 1,
                Record::PrintedMore { lines } if fold.printed => printed += lines,
                Record::Untried { .. } if fold.untried => untried += 1,
                Record::Finding { expectation, .. } | Record::Todo { expectation, .. } => {
                    findings += 1;
                    let is_behind =
                        |limit: Option<usize>| limit.is_some_and(|limit| findings > limit);
                    if is_behind(fold.hidden_from) {
                        continue;
                    }
                    text.push_str(&if is_behind(fold.short_from) {
                        layout.item(FAILS, expectation)
                    } else {
                        record.text(layout)
                    });
                }
                _ => text.push_str(&record.text(layout)),
            }
        }
        let hidden = fold
            .hidden_from
            .map_or(0, |from| findings.saturating_sub(from));
        let counts = [
            (hidden, FAILS, format!("{hidden} more do not hold")),
            (held, HOLDS, format!("{held} hold")),
            (untried, UNTRIED, format!("{untried} were not tried")),
            (
                printed,
                PRINTED,
                format!("your code printed {printed} lines: cargo run -- check"),
            ),
        ];
        for (count, sign, words) in counts {
            if count > 0 {
                // The words say it all: a plain report needs no other in front of them.
                text.push_str(&layout.item((sign.0, sign.1, ""), &words));
            }
        }
        text
    }
}
