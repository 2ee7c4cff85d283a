//! A run from its JSON: what [`streaming_lab::run::Json`] has written.

mod frame;
mod note;
mod value;

use std::time::Duration;

use streaming_lab::run::{Connection, Event, Host, Role, Run, SceneHead, View as _, What};

use value::{Object, Unreadable};

/// Reads what `--json` has written.
///
/// # Errors
/// The first line that is no record of this format, with its number.
pub fn run_from_json(text: &str) -> Result<Run, String> {
    let mut run = Run::default();
    for (index, line) in text.lines().enumerate() {
        take(&mut run, line).map_err(|error| format!("line {}: {error}: {line}", index + 1))?;
    }
    Ok(run)
}

fn take(run: &mut Run, line: &str) -> Result<(), Unreadable> {
    let record = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let record = Object::of(&record)?;
    let what = match record.text("type")? {
        "scene" => {
            run.begin(&head(&record)?);
            return Ok(());
        }
        "end" => {
            run.end();
            return Ok(());
        }
        "said" => What::Said {
            host: record.text("host")?.into(),
            text: record.text("text")?.to_owned(),
            fields: record.object("fields")?.fields(),
        },
        "frame" => What::Frame {
            connection: connection(&record.object("connection")?)?,
            frame: frame::frame(&record.object("frame")?)?,
            lost: record.has("lost") && record.flag("lost")?,
        },
        "note" => What::Note(note::note(record.get("note")?)?),
        other => return Err(format!("no record is called {other}")),
    };
    let at = Duration::from_micros(record.number("at_us")?);
    run.event(&Event { at, what });
    Ok(())
}

fn head(record: &Object<'_>) -> Result<SceneHead, Unreadable> {
    let hosts = record.list("hosts")?.iter().map(|value| {
        let host = Object::of(value)?;
        Ok(Host {
            name: host.text("name")?.into(),
            role: match host.text("role")? {
                "client" => Role::Client,
                "server" => Role::Server,
                "relay" => Role::Relay,
                other => return Err(format!("no role is called {other}")),
            },
        })
    });
    Ok(SceneHead {
        name: record.text("name")?.to_owned(),
        title: record.text("title")?.to_owned(),
        hosts: hosts.collect::<Result<_, Unreadable>>()?,
        elide_after: if record.has("elide_after") {
            Some(record.number("elide_after")?)
        } else {
            None
        },
        shows_opening: record.flag("shows_opening")?,
    })
}

fn connection(object: &Object<'_>) -> Result<Connection, Unreadable> {
    Ok(Connection {
        client: object.text("client")?.into(),
        server: object.text("server")?.into(),
        number: object.number("number")?,
    })
}
