//! grpcurl's words: flags with one dash, in any place.

use std::time::Duration;

/// The flags and arguments of one command line.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Arguments {
    /// `-d`: the messages to send.
    pub data: Data,
    /// `-H`: metadata, one pair for each flag.
    pub headers: Vec<(String, String)>,
    /// `-max-time`: how long the whole run may take.
    pub max_time: Option<Duration>,
    /// `-emit-defaults`: print fields that have their default, too.
    pub emit_defaults: bool,
    /// Address, and then a method, or `list` with or without a service.
    pub rest: Vec<String>,
}

/// Where the messages come from.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Data {
    /// No `-d`.
    #[default]
    None,
    /// `-d TEXT`.
    Text(String),
    /// `-d @`: standard input.
    Stdin,
}

impl Arguments {
    /// Understands the words, or says what is wrong with them.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let mut arguments = Self::default();
        let mut words = words.iter();
        let mut plaintext = false;
        while let Some(word) = words.next() {
            // The real one accepts each flag with two dashes as well, and its value behind a "=".
            let flag = match word.strip_prefix("--") {
                Some(name) if !name.is_empty() => format!("-{name}"),
                _ => word.clone(),
            };
            let (flag, joined) = match flag.split_once('=') {
                Some((flag, value)) if flag.starts_with('-') => (flag, Some(value.to_owned())),
                _ => (flag.as_str(), None),
            };
            let mut value = || {
                joined
                    .clone()
                    .or_else(|| words.next().cloned())
                    .ok_or_else(|| format!("{flag} needs a value"))
            };
            match flag {
                "-plaintext" => plaintext = true,
                "-emit-defaults" => arguments.emit_defaults = true,
                "-d" => {
                    let data = value()?;
                    arguments.data = match data.as_str() {
                        "@" => Data::Stdin,
                        _ => Data::Text(data),
                    };
                }
                "-H" => arguments.headers.push(header(&value()?)?),
                "-max-time" => arguments.max_time = Some(seconds(&value()?)?),
                unknown if unknown.starts_with('-') => {
                    return Err(format!(
                        "Only the real grpcurl has {unknown}. This one has -plaintext, -d, -H, \
                         -max-time and -emit-defaults."
                    ));
                }
                _ => arguments.rest.push(word.clone()),
            }
        }
        if plaintext {
            Ok(arguments)
        } else {
            Err("The lessons use no TLS: add -plaintext.".to_owned())
        }
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| format!("-H needs \"name: value\", not \"{text}\""))?;
    Ok((name.trim().to_lowercase(), value.trim().to_owned()))
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("-max-time needs a number of seconds, not \"{text}\""))
}
