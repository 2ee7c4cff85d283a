//! What a lesson's check prints, as the desk passes it on.

/// A check's report, read line by line.
#[derive(Debug)]
pub(crate) struct Report {
    plain: bool,
    summary: Option<String>,
}

impl Report {
    /// With `plain`, words stand in place of signs.
    pub fn new(plain: bool) -> Self {
        Self {
            plain,
            summary: None,
        }
    }

    /// The line to show; `None` for the last paragraph, whose advice is for whoever runs the lesson
    /// without a desk.
    pub fn line(&mut self, line: &str) -> Option<String> {
        if self.summary.is_some() {
            return None;
        }
        if let Some((count, _)) = line.split_once(" hold. ")
            && (count.starts_with("All ") || count.starts_with(|c: char| c.is_ascii_digit()))
        {
            self.summary = Some(format!("{count} hold."));
            return None;
        }
        Some(if self.plain {
            in_words(line)
        } else {
            line.to_owned()
        })
    }

    /// How many expectations hold; `None` when the check has not come to its end.
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }

    /// All lines of a report at once.
    pub fn text(&mut self, text: &str) -> String {
        let lines = text.lines().filter_map(|line| self.line(line));
        lines.map(|line| line + "\n").collect()
    }
}

fn in_words(line: &str) -> String {
    for (sign, word) in [
        ("  ✔ ", "  holds: "),
        ("  ✘ ", "  fails: "),
        ("  · ", "  not tried: "),
    ] {
        if let Some(rest) = line.strip_prefix(sign) {
            return format!("{word}{rest}");
        }
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "  ✔ one\n  ✘ two — it is not. Is it?\n    more\n  · three\n\n\
                          1 of 3 hold. Change it, then again:\ncargo run\n";

    #[test]
    fn findings_are_passed_on_and_advice_is_not() {
        let mut report = Report::new(false);
        let shown = report.text(REPORT);
        assert!(REPORT.starts_with(&shown));
        assert!(shown.ends_with("  · three\n\n"));
        assert_eq!(report.summary(), Some("1 of 3 hold."));
    }

    #[test]
    fn plain_has_words() {
        let shown = Report::new(true).text(REPORT);
        assert_eq!(
            shown,
            "  holds: one\n  fails: two — it is not. Is it?\n    more\n  not tried: three\n\n"
        );
    }

    #[test]
    fn what_the_student_prints_is_no_summary() {
        let mut report = Report::new(false);
        report.text("  │ All 3 hold. Really.\n");
        assert_eq!(report.summary(), None);
    }
}
