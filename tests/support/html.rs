//! The HTML between the book's Markdown, as elements.

use html5gum::{HtmlString, Token, Tokenizer};

/// Elements that hold nothing and have no end tag.
const VOID: [&str; 4] = ["br", "hr", "img", "input"];

/// An element, and what is in it.
#[derive(Debug, Clone, Default)]
pub struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub inside: Vec<Node>,
}

/// A part of what an element holds.
#[derive(Debug, Clone)]
pub enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Reads a piece of HTML: an element without a name holds it all.
    pub fn read(html: &str) -> Self {
        let mut open = vec![Self::default()];
        for Ok(token) in Tokenizer::new(html) {
            match token {
                Token::StartTag(tag) => {
                    let attributes = tag.attributes.iter();
                    let element = Self {
                        name: text_of(&tag.name),
                        attributes: attributes
                            .map(|(name, value)| (text_of(name), text_of(value)))
                            .collect(),
                        inside: Vec::new(),
                    };
                    let is_whole = tag.self_closing || VOID.contains(&element.name.as_str());
                    open.push(element);
                    if is_whole {
                        close(&mut open);
                    }
                }
                // An end whose beginning is in another piece closes nothing here.
                Token::EndTag(tag) if open.iter().any(|one| one.name == text_of(&tag.name)) => {
                    while open
                        .last()
                        .is_some_and(|last| last.name != text_of(&tag.name))
                    {
                        close(&mut open);
                    }
                    close(&mut open);
                }
                Token::String(text) => {
                    if let Some(last) = open.last_mut() {
                        last.inside.push(Node::Text(text_of(&text)));
                    }
                }
                _ => {}
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().unwrap_or_default()
    }

    /// The value of an attribute; empty where there is none.
    pub fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether it has this class.
    pub fn is_of(&self, class: &str) -> bool {
        self.attribute("class")
            .split_whitespace()
            .any(|one| one == class)
    }

    /// Every element in it, in order: those inside of others behind them.
    pub fn elements(&self) -> Vec<&Self> {
        let mut all = Vec::new();
        for node in &self.inside {
            if let Node::Element(element) = node {
                all.push(element);
                all.extend(element.elements());
            }
        }
        all
    }

    /// Every element of that name in it.
    pub fn named(&self, name: &str) -> Vec<&Self> {
        let mut all = self.elements();
        all.retain(|element| element.name == name);
        all
    }

    /// The only element of that name in it.
    pub fn only(&self, name: &str) -> &Self {
        match self.named(name).as_slice() {
            [only] => only,
            other => panic!("one <{name}> is expected: {other:?}"),
        }
    }

    /// Its words, without tags.
    pub fn text(&self) -> String {
        let words = self.inside.iter().map(|node| match node {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        });
        words.collect()
    }
}

/// The innermost element that is open ends: the one around it holds it.
fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(ended) = open.pop()
        && let Some(around) = open.last_mut()
    {
        around.inside.push(Node::Element(ended));
    }
}

fn text_of(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}
