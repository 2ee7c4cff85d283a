use super::{LONGEST_LINE, MARK, Record, Records};

fn holds() -> Record {
    Record::Holds {
        expectation: "ends".to_owned(),
    }
}

fn printed(line: &str) -> Record {
    Record::Printed {
        line: line.to_owned(),
    }
}

fn read(bytes: &[u8]) -> Vec<Record> {
    Records::of(bytes).collect()
}

/// What a program writes that prints `before`, a record, and `after`.
fn written(before: &str, record: &Record, after: &str) -> Vec<u8> {
    let mut bytes = before.as_bytes().to_vec();
    record
        .write_to(&mut bytes)
        .expect("memory can be written to");
    bytes.extend(after.as_bytes());
    bytes
}

#[test]
fn every_record_is_read_as_it_was_written() {
    let text = |text: &str| text.to_owned();
    let records = [
        Record::Begun {
            expectations: vec![text("one"), text("two")],
        },
        Record::Trying {
            expectation: text("one"),
        },
        holds(),
        Record::Finding {
            expectation: text("says \"hi\""),
            seen: text("two\nlines"),
            hint: text("a mark: \u{1e}"),
        },
        Record::Todo {
            expectation: text("one"),
            task: text("greet"),
            place: text("exercise.rs:3"),
        },
        Record::Untried {
            expectation: text("two"),
        },
        printed("{\"record\":\"done\"}"),
        Record::PrintedMore { lines: 7 },
        Record::Done,
    ];
    let mut bytes = Vec::new();
    for record in &records {
        record
            .write_to(&mut bytes)
            .expect("memory can be written to");
    }
    assert_eq!(read(&bytes), records);
}

#[test]
fn what_the_student_prints_is_a_record_of_its_own() {
    let bytes = written("a line\n\n", &holds(), "the last");
    let expected = [printed("a line"), printed(""), holds(), printed("the last")];
    assert_eq!(read(&bytes), expected);
}

#[test]
fn a_print_without_a_newline_does_not_swallow_the_record_behind_it() {
    let bytes = written("no newline", &holds(), "");
    assert_eq!(read(&bytes), [printed("no newline"), holds()]);
    let bytes = written(&format!("{MARK}a mark, {MARK}"), &holds(), "");
    let line = format!("{MARK}a mark, {MARK}");
    assert_eq!(read(&bytes), [printed(&line), holds()]);
}

#[test]
fn what_is_no_utf_8_is_shown_as_far_as_it_is() {
    assert_eq!(read(b"a\xffb\r\n"), [printed("a\u{fffd}b")]);
}

#[test]
fn a_line_that_never_ends_is_passed_on_in_pieces() {
    let length = usize::try_from(LONGEST_LINE).expect("it fits");
    let line = "x".repeat(length + 10);
    let bytes = written(&line, &holds(), "");
    let (first, second) = line.split_at(length);
    assert_eq!(read(&bytes), [printed(first), printed(second), holds()]);
}
