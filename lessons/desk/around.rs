//! What surrounds the exercises: paths, the book, a class.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::process::{Command, Stdio};

use crate::desk::{Desk, Done, FOUND, Failure, WELL};
use crate::home;
use crate::look::BOLD;
use crate::runner;

/// The mdBook that the book is written for and tested with.
pub(crate) const MDBOOK: &str = "0.5.4";

/// Where a class finds the lessons, unless it is told otherwise.
const CLASS_PORT: u16 = 50051;

/// Every lesson with its files, as links where the terminal makes them.
pub(crate) fn list(desk: &Desk) -> Done {
    let root = desk.course.root();
    let mut text = home::list(desk, &desk.progress()?);
    for lesson in desk.course.lessons() {
        text.push_str(&format!("\n{BOLD}{}{BOLD:#}\n", lesson.title));
        let rows = [
            ("chapter", lesson.chapter()),
            ("scenes", format!("lessons/{}/main.rs", lesson.stem)),
            ("exercise", lesson.exercise()),
        ];
        for (what, name) in rows {
            text.push_str(&format!("  {what:<10}{}\n", desk.look.path(root, &name)));
        }
        text.push_str(&format!(
            "  {:<10}cargo run --bin {}\n",
            "program",
            lesson.program()
        ));
    }
    desk.say(&text)?;
    Ok(WELL)
}

/// Serves the book with mdBook, or says how to get it.
pub(crate) fn book(desk: &Desk, port: u16, open: bool) -> Done {
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
        desk.say(&format!(
            "This is {version}; the book is tested with {MDBOOK}. If something looks wrong:\n  \
             cargo install --locked mdbook --version {MDBOOK}\n"
        ))?;
    }
    // mdBook would say that it serves, and then panic.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Failure::because(format!(
            "port {port} cannot be had ({error}). Take another: cargo run -- book --port {}",
            port.wrapping_add(1)
        ))
    })?;
    desk.say(&format!(
        "The book is at http://localhost:{port} in a moment. Ctrl-C ends it.\n"
    ))?;
    let mut serve = Command::new("mdbook");
    serve.args(["serve", "book", "--port", &port.to_string()]);
    if open {
        serve.arg("--open");
    }
    let ended = serve
        .current_dir(desk.course.root())
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::because(format!("mdbook cannot be run: {error}")))?;
    Ok(if ended.success() { WELL } else { FOUND })
}

/// What a teacher types, and what students type.
pub(crate) fn class(desk: &Desk, name: &str, addr: Option<SocketAddr>) -> Done {
    let lesson = desk.course.named(name)?.clone();
    let Some(program) = runner::build_one(desk, &lesson)? else {
        return Err(Failure::because(crate::check::does_not_compile(&lesson)));
    };
    let addr = addr.unwrap_or_else(|| SocketAddr::new(own_address(), CLASS_PORT));
    let words = ["serve", "--lines", "--addr", &addr.to_string()];
    let output = desk
        .lesson_command(&program, &words)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| runner::cannot_start(&lesson, &error))?;
    if !output.status.success() {
        return Ok(FOUND);
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let bin = lesson.program();
    let port = addr.port();
    let indented = |with: &dyn Fn(&str) -> String| -> String {
        lines
            .lines()
            .map(|line| format!("  {}\n", with(line)))
            .collect()
    };
    let mut text = format!("{BOLD}{}, in a class{BOLD:#}\n", lesson.title);
    text.push_str(&format!(
        "\nThe teacher, whose machine is {}:\n  \
         cargo run --bin {bin} -- serve --addr 0.0.0.0:{port} --wire\n",
        addr.ip()
    ));
    text.push_str("\nThe students, with grpcurl:\n");
    text.push_str(&indented(&str::to_owned));
    text.push_str("\nor without it, from their own copy of the workbook:\n");
    text.push_str(&indented(&|line| {
        line.replacen("grpcurl ", "cargo run -q -- call ", 1)
    }));
    text.push_str(&format!(
        "\nor with the lesson's own client:\n  \
         cargo run --bin {bin} -- connect http://{addr}\n\n\
         A worksheet to print, with its requests in files, is in {WORKSHEETS}\n\n\
         There is no TLS and no login: serve in a network that you trust. Ctrl-C ends it.\n"
    ));
    desk.say(&text)?;
    Ok(WELL)
}

/// One sheet a lesson; a test of the book knows that each has one.
const WORKSHEETS: &str = "book/src/worksheets.md";

/// The address under which others in the network see this machine; 127.0.0.1 where there is no
/// network.
fn own_address() -> IpAddr {
    // To connect a UDP socket sends nothing: it only asks which way packets would go. The address
    // is one that is reserved for documentation (RFC 5737).
    let away = (Ipv4Addr::new(192, 0, 2, 1), CLASS_PORT);
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| {
            socket.connect(away)?;
            socket.local_addr()
        })
        .map_or(Ipv4Addr::LOCALHOST.into(), |addr| addr.ip())
}
