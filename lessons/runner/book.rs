//! `book`: serves the book with mdBook, or says how to install it.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};

use crate::context::{Context, Done, FAILURE, Failure, SUCCESS};

/// The mdBook that the book is written for and tested with.
pub(crate) const MDBOOK: &str = "0.5.4";

/// Serves the book with mdBook, or says how to get it.
pub(crate) fn book(context: &Context, port: u16, open: bool) -> Done {
    let version = Command::new("mdbook")
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let version = match version {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Failure::because(format!(
                "mdBook is not installed. This installs it, once:\n\n  \
                 cargo install --locked mdbook --version {MDBOOK}\n\n\
                 Until then, the chapters are the files in book/src, without their listings."
            )));
        }
        Err(error) => return Err(Failure::because(format!("mdbook cannot be run: {error}"))),
    };
    if version != format!("mdbook v{MDBOOK}") {
        context.say(&context.style.wrapped(
            &format!(
                "This is {version}; the book is tested with {MDBOOK}. If something looks wrong:"
            ),
            "",
        ))?;
        context.say(&format!(
            "  cargo install --locked mdbook --version {MDBOOK}\n"
        ))?;
    }
    // Where the port is taken, mdBook prints that it serves, and then panics.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Failure::because(format!(
            "port {port} cannot be used ({error}). Take another: cargo run -- book --port {}",
            port.wrapping_add(1)
        ))
    })?;
    context.say(&format!(
        "The book is at http://localhost:{port} in a moment. Ctrl-C ends it.\n"
    ))?;
    let mut serve = Command::new("mdbook");
    serve.args(["serve", "book", "--port", &port.to_string()]);
    if open {
        serve.arg("--open");
    }
    let ended = serve
        .current_dir(context.course.root())
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::because(format!("mdbook cannot be run: {error}")))?;
    Ok(if ended.success() { SUCCESS } else { FAILURE })
}
