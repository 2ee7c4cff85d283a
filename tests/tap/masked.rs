//! What the tap printed, without what differs from run to run.

/// Without what changes from run to run: times, and the client's port.
pub fn masked(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let is_row = line.is_char_boundary(9) && !line.starts_with('─');
        let row = if is_row {
            &line[9.min(line.len())..]
        } else {
            line
        };
        let indent = if is_row { "         " } else { "" };
        let row = without_number(row, "from 127.0.0.1:", "");
        let row = without_number(&row, "nothing for ", " s");
        let row = without_number(&row, "sent last, ", " s");
        lines.push_str(&format!("{indent}{row}\n"));
    }
    lines
}

/// The text with the number between these words left out.
fn without_number(text: &str, before: &str, after: &str) -> String {
    let Some((head, rest)) = text.split_once(before) else {
        return text.to_owned();
    };
    let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    assert!(tail.starts_with(after), "{text}");
    format!("{head}{before}…{tail}")
}

/// Without the frames that carried messages, whose sizes depend on timing. A diagnosis before the last one was
/// that of a machine which had other work for a moment.
pub fn without_messages(text: &str) -> String {
    let rows: Vec<&str> = text.lines().collect();
    let first = rows.iter().position(|row| row.contains("← DATA"));
    let last = rows.iter().rposition(|row| row.contains("nothing for"));
    let (first, last) = (first.expect("they came"), last.expect("it is diagnosed"));
    let mut shown = rows[..first].join("\n") + "\n           ⋮ frames with messages\n";
    let mut is_cut = false;
    for row in &rows[last..] {
        // The lane is empty where a row goes on.
        let goes_on = row.get(11..17).is_some_and(|lane| lane.trim().is_empty());
        if is_cut && goes_on {
            continue;
        }
        let (head, tail) = row.split_once("← DATA #3 ").unwrap_or((row, ""));
        is_cut = !tail.is_empty();
        shown.push_str(head);
        shown.push_str(if is_cut { "← DATA #3 …\n" } else { "\n" });
    }
    shown
}
