//! `serve` and bad inputs, over real TCP on loopback.

mod connect;
#[cfg(unix)]
mod ctrl_c;
mod suggested;

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};

use crate::support::grpcurl::{self, Printed, split_words};
use crate::support::program::{LESSONS, Lesson};
use crate::support::served::Served;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1alpha::ServerReflectionRequest;
use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1alpha::server_reflection_response::MessageResponse;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

/// One byte more than tonic takes as a message by default.
const TOO_LARGE: usize = 4 * 1024 * 1024 + 1;

/// Calls the server with the tests' own grpcurl.
fn grpcurl(served: &Served, line: &str) -> Printed {
    let line = line.replace("ADDR", &served.addr.to_string());
    grpcurl::run(&split_words(&format!("-plaintext {line}")), "")
}

fn greets(served: &Served) {
    let printed = grpcurl(
        served,
        r#"-d '{"name":"Ada"}' ADDR greeter.v1.GreeterService/SayHi"#,
    );
    assert_eq!(printed.text, "{\n  \"message\": \"Hi, Ada!\"\n}\n");
    assert_eq!(printed.code, 0);
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives us a runtime")
        .block_on(work)
}

fn lesson01() -> Served {
    Served::start(Lesson::numbered("01"), &[])
}

#[test]
fn every_lesson_lists_its_services_and_health() {
    for lesson in LESSONS.with_grpc() {
        let served = Served::start(lesson, &[]);
        let listed = grpcurl(&served, "ADDR list").text;
        assert!(
            listed.contains("grpc.health.v1.Health\n"),
            "{}: {listed}",
            lesson.stem
        );
        assert!(
            listed.contains("grpc.reflection.v1.ServerReflection\n"),
            "{}: {listed}",
            lesson.stem
        );
        let own = listed
            .lines()
            .filter(|name| !name.starts_with("grpc."))
            .count();
        assert!(own > 0, "{}: {listed}", lesson.stem);
    }
}

#[test]
fn a_lesson_without_grpc_says_so_and_suggests_its_own_client() {
    for lesson in LESSONS.without_grpc() {
        let served = Served::start(lesson, &[]);
        assert_eq!(served.suggestions, Vec::<String>::new(), "{}", lesson.stem);
        let (addr, number) = (served.addr, lesson.number());
        let client = format!("  cargo run --bin lesson{number} -- connect http://{addr} --wire");
        for words in ["speaks no gRPC", &client] {
            let introduction = &served.introduction;
            assert!(introduction.contains(words), "{words}: {introduction}");
        }
        // A peer that speaks gRPC is refused, and does not disturb the next.
        let code = grpcurl(&served, "ADDR list").code;
        assert_ne!(code, 0);
        let chapter = std::fs::read_to_string(format!("book/src/{}.md", lesson.stem));
        let chapter = chapter.expect("every lesson has a chapter");
        assert!(chapter.contains("nothing for grpcurl"), "{}", lesson.stem);
    }
}

#[test]
fn reflection_answers_in_v1alpha_too() {
    let served = lesson01();
    let services = block_on(async {
        let channel = Endpoint::from_shared(format!("http://{}", served.addr))?
            .connect()
            .await?;
        let request = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let mut answers = ServerReflectionClient::new(channel)
            .server_reflection_info(futures::stream::iter([request]))
            .await?
            .into_inner();
        Ok::<_, Box<dyn std::error::Error>>(answers.message().await?)
    });
    let Some(MessageResponse::ListServicesResponse(list)) = services
        .expect("the call works")
        .and_then(|answer| answer.message_response)
    else {
        panic!("another answer than a list of services");
    };
    assert!(
        list.service
            .iter()
            .any(|service| service.name == "greeter.v1.GreeterService")
    );
}

#[test]
fn health_says_serving_for_each_service_and_not_found_for_others() {
    let served = lesson01();
    block_on(async {
        let channel = Endpoint::from_shared(format!("http://{}", served.addr))?
            .connect()
            .await?;
        let mut health = HealthClient::new(channel);
        for service in ["", "greeter.v1.GreeterService"] {
            let answer = health
                .check(HealthCheckRequest {
                    service: service.to_owned(),
                })
                .await?;
            assert_eq!(
                answer.into_inner().status(),
                ServingStatus::Serving,
                "{service:?}"
            );
        }
        let unknown = health
            .check(HealthCheckRequest {
                service: "nope".to_owned(),
            })
            .await;
        assert_eq!(
            unknown.expect_err("there is no such service").code(),
            Code::NotFound
        );
        Ok::<_, Box<dyn std::error::Error>>(())
    })
    .expect("the calls work");
}

#[test]
fn garbage_does_not_disturb_the_others() {
    let served = lesson01();
    let garbage: [&[u8]; 4] = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        &[0; 4096],
    ];
    for bytes in garbage {
        let mut peer = served.raw();
        peer.write_all(bytes).expect("it takes bytes");
        // The server hangs up, perhaps before we do; what it says first does not matter, nor whether
        // it is abrupt.
        let _ = peer.shutdown(Shutdown::Write);
        let _ = peer.read_to_end(&mut Vec::new());
        greets(&served);
    }
}

#[test]
fn a_peer_that_vanishes_in_the_middle_of_a_call_does_not_disturb_the_others() {
    let served = Served::start(Lesson::numbered("04"), &["--wire"]);
    for _ in 0..3 {
        let line = r#"-d '{"content":"x"}' ADDR chat.v1.ChatService/Chat"#;
        assert_eq!(grpcurl(&served, line).code, 0);
        // Half a frame, and gone.
        let mut peer = served.raw();
        peer.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04")
            .expect("it takes bytes");
        drop(peer);
    }
    let after = grpcurl(
        &served,
        r#"-d '{"content":"hello"}' ADDR chat.v1.ChatService/Chat"#,
    );
    assert!(after.text.contains("hello"), "{}", after.text);
}

#[test]
fn a_message_that_is_too_large_is_refused_and_the_next_is_not() {
    let served = lesson01();
    let code = block_on(async {
        let channel = Endpoint::from_shared(format!("http://{}", served.addr))?
            .connect()
            .await?;
        let mut client = GreeterServiceClient::new(channel);
        let refused = client
            .say_hi(SayHiRequest {
                name: "x".repeat(TOO_LARGE),
            })
            .await;
        Ok::<_, tonic::transport::Error>(refused.expect_err("it is too large").code())
    });
    assert_eq!(code.expect("it listens"), Code::OutOfRange);
    greets(&served);
}

#[test]
fn a_port_that_is_taken_is_one_line_that_says_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = taken.local_addr().expect("it is bound").to_string();
    let ran = Lesson::numbered("01").run(["serve", "--addr", &addr]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stdout, "");
    assert_eq!(
        ran.stderr,
        format!(
            "error: cannot listen on {addr}: another program listens there. Stop it, or take any \
             free port with --addr 127.0.0.1:0.\n"
        )
    );
}

#[test]
fn bad_command_lines_end_with_2_and_a_word_of_advice() {
    let bad: [(&[&str], &str); 11] = [
        (
            &["serve", "--addr", "localhost"],
            "give an IP address and a port",
        ),
        (
            &["serve", "--addr", "127.0.0.1:99999"],
            "give an IP address and a port",
        ),
        (&["serve", "--scene", "nope"], "reply"),
        (
            &["serve", "--scene", "reply", "--mine"],
            "cannot be used with",
        ),
        (&["serve", "--lines", "--mine"], "cannot be used with"),
        (&["--scene", "nope"], "There are:"),
        (&["--scene"], "a value is required"),
        (&["connect"], "required"),
        (&["connect", "127.0.0.1:50051"], "http://host:port"),
        (&["connect", "https://127.0.0.1:50051"], "no TLS"),
        (&["dance"], "dance"),
    ];
    for (arguments, advice) in bad {
        let ran = Lesson::numbered("01").run(arguments.iter().copied());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(advice), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments:?}");
    }
    let client_exercise = Lesson::numbered("03").run(["serve", "--mine"]);
    assert_eq!(client_exercise.code, Some(2));
    assert!(client_exercise.stderr.contains("nothing of yours to serve"));
    let program = Lesson::numbered("19").run(["serve", "--scene", "hang"]);
    assert_eq!(program.code, Some(2));
    assert!(program.stderr.contains("ends by itself"));
}
