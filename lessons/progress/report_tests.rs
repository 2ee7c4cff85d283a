use super::{Layout, Report};
use crate::record::Record;

const WIDE: Layout = Layout::DEFAULT;

fn plain(text: &str) -> String {
    let mut stripped = String::new();
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => in_code = true,
            'm' if in_code => in_code = false,
            _ if in_code => {}
            _ => stripped.push(c),
        }
    }
    stripped
}

fn holds(expectation: &str) -> Record {
    Record::Holds {
        expectation: expectation.to_owned(),
    }
}

fn finding(expectation: &str) -> Record {
    Record::Finding {
        expectation: expectation.to_owned(),
        seen: "412 more prices were made.".to_owned(),
        hint: "What does your task wait for?".to_owned(),
    }
}

fn untried(expectation: &str) -> Record {
    Record::Untried {
        expectation: expectation.to_owned(),
    }
}

fn printed(line: &str) -> Record {
    Record::Printed {
        line: line.to_owned(),
    }
}

fn report(records: impl IntoIterator<Item = Record>) -> Report {
    let records: Vec<Record> = records.into_iter().collect();
    let named = |record: &Record| match record {
        Record::Holds { expectation }
        | Record::Finding { expectation, .. }
        | Record::Todo { expectation, .. }
        | Record::Untried { expectation } => Some(expectation.clone()),
        _ => None,
    };
    let expectations = records.iter().filter_map(named).collect();
    let mut report = Report::new();
    report.take(Record::Begun { expectations });
    for record in records {
        report.take(record);
    }
    report.take(Record::Done);
    report
}

#[test]
fn signs_stand_in_front_and_text_is_wrapped_behind_them() {
    let report = report([
        holds("ends"),
        printed("hello"),
        finding("stops at once"),
        untried("goes on"),
    ]);
    let expected = "  ✔ ends\n  │ hello\n  ✘ stops at once — 412\n    more prices were\n    made. What does your\n    \
                    task wait for?\n  · goes on\n";
    let narrow = Layout { width: 25, ..WIDE };
    assert_eq!(plain(&report.text(narrow)), expected);
    assert_eq!(report.summary(), "1 of 3 hold.");
}

#[test]
fn plain_has_words_and_no_signs() {
    let report = report([holds("ends"), finding("stops"), untried("goes on")]);
    let layout = Layout {
        plain: true,
        ..WIDE
    };
    let text = report.text(layout);
    let expected = "  holds: ends\n  fails: stops — 412 more prices were made. What does your task wait for?\n  \
                    not tried: goes on\n";
    assert_eq!(text.replace("\n    ", " "), expected);
}

#[test]
fn a_check_that_has_not_come_to_its_end_has_not_passed() {
    let mut begun = Report::new();
    begun.take(Record::Begun {
        expectations: vec!["ends".to_owned()],
    });
    begun.take(holds("ends"));
    assert!(!begun.passed() && !begun.is_complete());
    begun.take(Record::Done);
    assert!(begun.passed() && begun.is_complete());
    assert!(!report([]).passed(), "nothing is expected");
}

#[test]
fn a_report_that_fits_is_shown_whole() {
    let report = report([holds("ends"), finding("stops"), holds("goes on")]);
    assert_eq!(report.fitted(WIDE, 20), report.text(WIDE));
}

#[test]
fn first_what_holds_becomes_a_count() {
    let many = (0..30).map(|number| holds(&format!("holds {number}")));
    let report = report(many.chain([finding("stops"), untried("goes on")]));
    assert_eq!(
        plain(&report.fitted(WIDE, 10)),
        "  ✘ stops — 412 more prices were made. What does your task wait for?\n  · goes on\n  ✔ 30 hold\n"
    );
}

#[test]
fn then_what_was_printed_and_what_was_not_tried() {
    let lines = (0..30).map(|number| printed(&format!("line {number}")));
    let left = (0..3).map(|number| untried(&format!("untried {number}")));
    let report = report(lines.chain([finding("stops")]).chain(left));
    let fitted = plain(&report.fitted(WIDE, 10));
    assert!(fitted.contains("· untried 2\n"), "{fitted}");
    assert!(fitted.contains("│ your code printed 30 lines"), "{fitted}");
    let fitted = plain(&report.fitted(WIDE, 3));
    assert!(fitted.contains("· 3 were not tried\n"), "{fitted}");
}

#[test]
fn of_many_findings_the_first_stays_whole_and_the_last_lose_their_words_first() {
    let many = (0..10).map(|number| finding(&format!("finding {number}")));
    let report = report(many);
    let narrow = Layout { width: 40, ..WIDE };
    let fitted = plain(&report.fitted(narrow, 15));
    assert!(fitted.lines().count() <= 15, "{fitted}");
    assert!(fitted.starts_with("  ✘ finding 0 — 412 more prices were"));
    assert!(fitted.ends_with("  ✘ finding 9\n"), "{fitted}");
    let fitted = plain(&report.fitted(narrow, 6));
    assert!(fitted.ends_with("  ✘ 6 more do not hold\n"), "{fitted}");
    assert_eq!(fitted.lines().count(), 6, "{fitted}");
    let fitted = plain(&report.fitted(narrow, 2));
    assert_eq!(fitted, "  ✘ finding 0\n  ✘ 9 more do not hold\n");
}
