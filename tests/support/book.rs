//! The book's source, as mdBook reads it.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::html::Element;

pub const SOURCE: &str = "book/src";

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The file's name below `book/src`.
    pub name: String,
    /// The text as it stands in the file.
    pub text: String,
}

/// `{{#include path:rest}}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    pub path: PathBuf,
    /// An anchor's name, or a range of lines such as "4:".
    pub part: Option<String>,
}

/// A heading, and the part of the page's text that it takes.
struct Heading {
    level: u8,
    text: String,
    at: Range<usize>,
}

/// A fenced code block: what stands behind the fence, and what is in it.
#[derive(Debug, Clone)]
pub struct Block {
    pub info: String,
    pub text: String,
}

/// Every page, in the order of their names.
pub fn pages() -> Vec<Page> {
    let mut names: Vec<String> = fs::read_dir(SOURCE)
        .expect("the book is part of the repository")
        .map(|entry| {
            entry
                .expect("a readable folder")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(Path::new(SOURCE).join(&name)).expect("a text file");
            Page {
                name,
                text: text.replace("\r\n", "\n"),
            }
        })
        .collect()
}

/// The pages of lessons: their names begin with a number other than 00.
pub fn chapters() -> Vec<Page> {
    let is_numbered = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
    pages()
        .into_iter()
        .filter(|page| is_numbered(&page.name) && !page.name.starts_with("00"))
        .collect()
}

impl Page {
    pub fn stem(&self) -> &str {
        self.name.trim_end_matches(".md")
    }

    /// Every include, in order.
    pub fn includes(&self) -> Vec<Include> {
        self.text
            .split("{{#")
            .skip(1)
            .map(|rest| {
                let (directive, _) = rest.split_once("}}").expect("a directive ends with }}");
                let target = directive
                    .strip_prefix("include ")
                    .unwrap_or_else(|| {
                        panic!("{}: only include is used, not {directive:?}", self.name)
                    })
                    .trim();
                let (path, part) = match target.split_once(':') {
                    Some((path, part)) => (path, Some(part.to_owned())),
                    None => (target, None),
                };
                Include {
                    path: Path::new(SOURCE).join(path),
                    part,
                }
            })
            .collect()
    }

    /// The headings of the given level, as text.
    pub fn headings(&self, level: u8) -> Vec<String> {
        let headings = self.all_headings().into_iter();
        let of_level = headings.filter(|heading| heading.level == level);
        of_level.map(|heading| heading.text).collect()
    }

    /// What stands between the heading of level 2 with this text and the next one.
    pub fn section(&self, heading: &str) -> &str {
        let headings = self.all_headings();
        let mut parts = headings.iter().filter(|heading| heading.level == 2);
        let part = parts.find(|part| part.text == heading);
        let part = part.unwrap_or_else(|| panic!("{} has no {heading:?}", self.name));
        let end = parts.next().map_or(self.text.len(), |next| next.at.start);
        &self.text[part.at.end..end]
    }

    fn all_headings(&self) -> Vec<Heading> {
        let mut headings: Vec<Heading> = Vec::new();
        let mut inside = false;
        for (event, at) in Parser::new_ext(&self.text, Options::all()).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    inside = true;
                    headings.push(Heading {
                        level: level as u8,
                        text: String::new(),
                        at,
                    });
                }
                Event::End(TagEnd::Heading(_)) => inside = false,
                Event::Text(text) | Event::Code(text) if inside => {
                    if let Some(heading) = headings.last_mut() {
                        heading.text.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        headings
    }

    /// The HTML between the Markdown.
    pub fn html(&self) -> Element {
        let mut html = String::new();
        for event in Parser::new_ext(&self.text, Options::all()) {
            if let Event::Html(part) | Event::InlineHtml(part) = event {
                html.push_str(&part);
            }
        }
        Element::read(&html)
    }

    /// The fragments that links may point to, as mdBook makes them from headings and from the terms
    /// of definition lists.
    pub fn fragments(&self) -> Vec<String> {
        (1..=6)
            .flat_map(|level| self.headings(level))
            .chain(self.terms())
            .map(|heading| fragment(&heading))
            .collect()
    }

    /// The terms that definition lists define.
    pub fn terms(&self) -> Vec<String> {
        let mut terms = Vec::new();
        let mut inside = false;
        for event in Parser::new_ext(&self.text, Options::all()) {
            match event {
                Event::Start(Tag::DefinitionListTitle) => {
                    inside = true;
                    terms.push(String::new());
                }
                Event::End(TagEnd::DefinitionListTitle) => inside = false,
                Event::Text(text) if inside => {
                    if let Some(term) = terms.last_mut() {
                        term.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        terms
    }

    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for event in Parser::new_ext(&self.text, Options::all()) {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info,
                        CodeBlockKind::Indented => CowStr::Borrowed("indented"),
                    };
                    open = Some(Block {
                        info: info.into_string(),
                        text: String::new(),
                    });
                }
                Event::Text(text) => {
                    if let Some(block) = &mut open {
                        block.text.push_str(&text);
                    }
                }
                Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
                _ => {}
            }
        }
        blocks
    }

    /// Each caption, and the text of the code block below it; empty where there is none.
    pub fn captions(&self) -> Vec<(Element, String)> {
        let mut captions: Vec<(Element, String)> = Vec::new();
        let mut html = String::new();
        let mut in_code = false;
        for event in Parser::new_ext(&self.text, Options::all()) {
            match event {
                Event::Html(part) | Event::InlineHtml(part) => html.push_str(&part),
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(text) if in_code => {
                    if let Some((_, below)) = captions.last_mut().filter(|(_, one)| one.is_empty())
                    {
                        below.push_str(&text);
                    }
                }
                Event::End(TagEnd::HtmlBlock) => {
                    let read = Element::read(&html);
                    html.clear();
                    let paragraphs = read.named("p").into_iter();
                    let new = paragraphs.filter(|paragraph| paragraph.is_of("caption"));
                    captions.extend(new.map(|caption| (caption.clone(), String::new())));
                }
                _ => {}
            }
        }
        captions
    }

    /// The targets of all links and images, in Markdown and in HTML.
    pub fn links(&self) -> Vec<String> {
        let html = self.html();
        let linked = html.named("a").into_iter();
        let mut links: Vec<String> = linked
            .map(|link| link.attribute("href").to_owned())
            .filter(|target| !target.is_empty())
            .collect();
        for event in Parser::new_ext(&self.text, Options::all()) {
            if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
                links.push(dest_url.into_string());
            }
        }
        links
    }
}

/// mdBook: lower case, blanks to hyphens, everything else but letters, digits, _ and - left out.
fn fragment(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}
