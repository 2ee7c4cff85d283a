//! `connect`: a lesson's clients against a server elsewhere, or against none.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener};

use tokio::net::TcpSocket;
use workbook::run::{HostName, Scene};
use workbook::wire::Direction;

use super::block_on;
use crate::support::program::{LESSONS, Lesson};
use crate::support::runs::events;
use crate::support::served::Served;

#[test]
fn connect_plays_every_lesson_against_its_own_server() {
    // Each lesson in a thread of its own: they mostly wait for the real clock.
    std::thread::scope(|threads| {
        for lesson in LESSONS {
            threads.spawn(move || connects_to_its_own_server(lesson));
        }
    });
}

fn connects_to_its_own_server(lesson: Lesson) {
    let served = Served::start(lesson, &[]);
    let url = format!("http://{}", served.addr);
    let mut arguments = vec!["connect", &url, "--json"];
    if lesson.number() == "02" {
        // The other scene takes six seconds.
        arguments.extend(["--scene", "pages"]);
    }
    let run = events(lesson, &arguments);
    let client = HostName::from("client");
    let mut lines = run.scenes.iter().flat_map(Scene::said);
    assert!(lines.any(|line| *line.host == client), "{run:?}");
    let mut frames = run.scenes.iter().flat_map(Scene::frames);
    assert!(
        frames.any(|(_, _, frame)| frame.direction == Direction::ToServer),
        "{run:?}"
    );
}

#[test]
fn connect_says_in_one_line_that_no_server_listens() {
    // Bound and not listening: the port is ours, and no other program can take it meanwhile.
    let held = block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        Ok::<_, std::io::Error>(socket)
    })
    .expect("a free port");
    let url = format!("http://{}", held.local_addr().expect("it is bound"));
    let ran = Lesson::numbered("01").run(["connect", &url]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.starts_with("error: nothing listens there."),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn connect_says_in_one_line_that_the_server_is_no_grpc() {
    let http1 = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", http1.local_addr().expect("it is bound"));
    let web_server = std::thread::spawn(move || {
        let (mut peer, _) = http1.accept().expect("the lesson connects");
        // The preface is 24 bytes; a web server answers it with an error and hangs up.
        let mut preface = [0; 24];
        let _ = peer.read_exact(&mut preface);
        let _ = peer.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        let _ = peer.shutdown(Shutdown::Write);
        let _ = peer.read_to_end(&mut Vec::new());
    });
    let ran = Lesson::numbered("01").run(["connect", &url]);
    web_server.join().expect("it does not panic");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("Is this a gRPC server?"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn connect_to_a_server_of_another_lesson_says_that_the_method_is_missing() {
    let served = Served::start(Lesson::numbered("04"), &[]);
    let ran = Lesson::numbered("01").run(["connect", &format!("http://{}", served.addr)]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr
            .contains("does not offer this method: UNIMPLEMENTED"),
        "{}",
        ran.stderr
    );
}
