//! A frame of a transcript, and the few words that fit on its arrow.

/// A frame, or several of a kind in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub to_server: bool,
    /// As RFC 9113, section 6, names it: "HEADERS".
    pub kind: String,
    /// "#1"; "#0" is the connection itself.
    pub stream: String,
    /// What the transcript says of it.
    pub text: String,
    /// How many it stands for.
    pub count: usize,
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrow {
    Headers,
    Data,
    /// The last frame of a side that ends as it should: END_STREAM.
    End,
    /// RST_STREAM, and a status that is not OK.
    Failure,
    /// What keeps the connection going, and carries no part of a call.
    Control,
}

/// Reads what stands in the lane "wire": "→ DATA #1 1 message: flag 0, length 21".
pub fn frame(text: &str) -> Frame {
    let mut words = text.split_whitespace();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (direction, kind, stream) = (word(), word(), word());
    assert!(
        ["→", "←"].contains(&direction.as_str()) && stream.starts_with('#'),
        "a frame has a direction, a kind and a stream: {text:?}"
    );
    Frame {
        to_server: direction == "→",
        kind,
        stream,
        text: words.collect::<Vec<_>>().join(" "),
        count: 1,
    }
}

impl Frame {
    /// Takes the next one in, where both are DATA of one stream and neither ends it.
    pub fn takes(&mut self, next: &Self) -> bool {
        let alike = self.kind == "DATA"
            && (self.to_server, &self.kind, &self.stream)
                == (next.to_server, &next.kind, &next.stream)
            && !self.ends()
            && !next.ends();
        if alike {
            self.count += 1;
        }
        alike
    }

    /// Whether its sender says nothing after it on this stream.
    pub fn ends(&self) -> bool {
        self.text.contains("END_STREAM") || self.kind == "RST_STREAM"
    }

    /// Whether it opens a call.
    pub fn opens(&self) -> bool {
        self.to_server && self.kind == "HEADERS" && self.text.starts_with("POST ")
    }

    pub fn arrow(&self) -> Arrow {
        match self.kind.as_str() {
            "RST_STREAM" => Arrow::Failure,
            "HEADERS"
                if self
                    .status()
                    .is_some_and(|status| !status.starts_with("0 ")) =>
            {
                Arrow::Failure
            }
            "HEADERS" | "DATA" if self.ends() => Arrow::End,
            "HEADERS" => Arrow::Headers,
            "DATA" => Arrow::Data,
            _ => Arrow::Control,
        }
    }

    /// "3 INVALID_ARGUMENT", if it carries a status.
    fn status(&self) -> Option<String> {
        let (_, after) = self.text.split_once("grpc-status ")?;
        let status = after.split(',').next().unwrap_or(after);
        Some(status.to_owned())
    }

    /// What stands on the arrow. The stream is named only where there are several.
    pub fn label(&self, name_stream: bool) -> String {
        let said = match self.kind.as_str() {
            "HEADERS" => self.headers(),
            "DATA" => self.data(),
            "preface" => "preface".to_owned(),
            kind => format!("{kind} {}", self.text).trim_end().to_owned(),
        };
        if name_stream && self.stream != "#0" {
            format!("{} {said}", self.stream)
        } else {
            said
        }
    }

    fn headers(&self) -> String {
        let mut said = vec!["HEADERS".to_owned()];
        let mut parts = self.text.split(", ");
        if let Some(path) = parts.next().and_then(|first| first.strip_prefix("POST ")) {
            let method = path.rsplit('/').next().unwrap_or(path);
            said.push(method.to_owned());
            let timeout = self
                .text
                .split(", ")
                .find(|part| part.starts_with("grpc-timeout"));
            said.extend(timeout.map(str::to_owned));
        } else if let Some(status) = self.status() {
            said.push(format!("grpc-status {status}"));
        } else {
            said.push(self.text.split(", ").next().unwrap_or_default().to_owned());
        }
        said.join(" ")
    }

    fn data(&self) -> String {
        if self.count > 1 {
            return format!("{} DATA frames", self.count);
        }
        let end = if self.text.ends_with("half-close") {
            Some("END_STREAM (half-close)")
        } else if self.ends() {
            Some("END_STREAM")
        } else {
            None
        };
        let what = self.text.split(", END_STREAM").next().unwrap_or_default();
        let what = match what.split_once(": flag 0, length ") {
            Some((what, length)) => match length.split_once(", ") {
                Some((_, here)) => format!("{what}, {here}"),
                None => format!("{what}, {length} bytes"),
            },
            None => what.to_owned(),
        };
        match end {
            Some(end) if what == "no message" => format!("DATA {end}"),
            Some(end) => format!("DATA {what}, {end}"),
            None => format!("DATA {what}"),
        }
    }
}
