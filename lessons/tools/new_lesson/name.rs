//! What a lesson is called.

/// The longest title that the runner's lists have room for.
const LONGEST: usize = 30;

const USAGE: &str = "new-lesson takes a stem and a title: new-lesson 16_fan_out \"fan out\"";

/// A lesson's number, stem and title.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// 16
    pub number: u8,
    /// "16_fan_out": what folders, chapter and snapshots are called.
    pub stem: String,
    /// "fan out"
    pub title: String,
}

impl Name {
    /// The name in the words of the command line, or a sentence that says what is wrong with them.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let [stem, title] = words else {
            return Err(format!("{USAGE}."));
        };
        let Some(number) = number(stem).filter(|number| *number > 0) else {
            return Err(format!(
                "{stem:?} does not begin with a number of two digits and an underscore. {USAGE}."
            ));
        };
        let words: Vec<&str> = stem.split('_').skip(1).collect();
        let is_word = |word: &&str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !words.iter().all(is_word) {
            return Err(format!(
                "{stem:?} must be a number and words of small letters, with one underscore between \
                 them. {USAGE}."
            ));
        }
        let title = title.trim();
        let is_plain = |c: char| c.is_alphanumeric() || " -,'".contains(c);
        if title.is_empty() || !title.chars().all(is_plain) {
            return Err(format!(
                "the title {title:?} must be plain words: it goes into Rust, Markdown and HTML. {USAGE}."
            ));
        }
        if title.chars().count() > LONGEST {
            return Err(format!(
                "the title {title:?} has more than {LONGEST} characters, and lists have no room for \
                 it: shorten it."
            ));
        }
        Ok(Self {
            number,
            stem: stem.clone(),
            title: title.to_owned(),
        })
    }

    /// "03" of lesson 3.
    pub fn padded(&self) -> String {
        format!("{:02}", self.number)
    }

    /// The template with this lesson's name in it.
    pub fn fill(&self, template: &str) -> String {
        template
            .replace("\r\n", "\n")
            .replace("@NN@", &self.padded())
            .replace("@N@", &self.number.to_string())
            .replace("@STEM@", &self.stem)
            .replace("@TITLE@", &self.title)
            .replace("@HEADING@", &self.heading())
    }

    /// "Fan out": the title as a heading begins.
    fn heading(&self) -> String {
        let mut rest = self.title.chars();
        match rest.next() {
            Some(first) => first.to_uppercase().chain(rest).collect(),
            None => String::new(),
        }
    }
}

/// 16 of "16_fan_out", and of nothing that begins in another way.
pub(super) fn number(stem: &str) -> Option<u8> {
    let (number, _) = stem.split_once('_')?;
    let is_number = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { number.parse().ok() } else { None }
}
