//! `class`: what teacher and students type in a class.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::process::Stdio;

use crate::cargo;
use crate::context::{Context, Done, FAILURE, Failure, SUCCESS};
use crate::style::BOLD;

/// Where a class finds the lessons, unless it is told otherwise.
const CLASS_PORT: u16 = 50051;

/// What a teacher types, and what students type.
pub(crate) fn class(context: &Context, name: Option<&str>, addr: Option<SocketAddr>) -> Done {
    let lesson = context.chosen(name)?;
    let Some(program) = cargo::build_lesson(context, &lesson)? else {
        return Err(Failure::because(crate::check::does_not_compile(&lesson)));
    };
    let addr = addr.unwrap_or_else(|| SocketAddr::new(own_address(), CLASS_PORT));
    let words = ["serve", "--lines", "--addr", &addr.to_string()];
    let output = context
        .lesson_command(&program, &words)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cargo::cannot_start(&lesson, &error))?;
    if !output.status.success() {
        return Ok(FAILURE);
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
    let prose = |text: &str| format!("\n{}", context.style.wrapped(text, ""));
    let mut text = format!("{BOLD}{}, in a class{BOLD:#}\n", lesson.title);
    text.push_str(&format!(
        "\nThe teacher, whose machine is {}:\n  \
         cargo run --bin {bin} -- serve --addr 0.0.0.0:{port} --wire\n",
        addr.ip()
    ));
    if lines.starts_with("grpcurl ") {
        text.push_str("\nThe students, with grpcurl:\n");
        text.push_str(&indented(&str::to_owned));
        text.push_str(&prose(
            "or without it, from their own copy of the workbook:",
        ));
        text.push_str(&indented(&|line| {
            line.replacen("grpcurl ", "cargo run -q -- call ", 1)
        }));
        text.push_str(&format!(
            "\nor with the lesson's own client:\n  cargo run --bin {bin} -- connect http://{addr}\n"
        ));
    } else {
        text.push_str(&prose(
            "This lesson speaks no gRPC, so there is nothing for grpcurl. The students, from their own copy of the workbook:",
        ));
        text.push_str(&indented(&str::to_owned));
    }
    text.push_str(&prose(&format!(
        "A worksheet to print, with its requests in files, is in {WORKSHEETS}"
    )));
    text.push_str(&prose(
        "There is no TLS and no login: serve in a network that you trust. Ctrl-C ends it.",
    ));
    context.say(&text)?;
    Ok(SUCCESS)
}

/// One sheet a lesson; a test of the book knows that each has one.
const WORKSHEETS: &str = "book/src/worksheets.md";

/// The address under which the network sees this machine; 127.0.0.1 where there is no network.
fn own_address() -> IpAddr {
    // Connecting a UDP socket sends nothing; it only asks the system for the route. The address is
    // reserved for documentation (RFC 5737).
    let away = (Ipv4Addr::new(192, 0, 2, 1), CLASS_PORT);
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| {
            socket.connect(away)?;
            socket.local_addr()
        })
        .map_or(Ipv4Addr::LOCALHOST.into(), |addr| addr.ip())
}
