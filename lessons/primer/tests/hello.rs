//! The primer's two programs, as its reader runs them: the server listens, the client prints the reply.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A server that ends with the test, also when an assertion fails.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_server"))
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo has built the server");
        let stdout = child.stdout.take().expect("it is piped");
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        let address = line.trim_end().strip_prefix("listens on ");
        let address = address.unwrap_or_else(|| panic!("{read:?}: {line:?}"));
        Self {
            address: address.to_owned(),
            child,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A server that has ended by itself cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_client_prints_the_servers_reply() {
    let served = Served::start();
    let client = Command::new(env!("CARGO_BIN_EXE_client"))
        .arg(format!("http://{}", served.address))
        .output()
        .expect("cargo has built the client");
    assert_eq!(String::from_utf8_lossy(&client.stderr), "");
    assert_eq!(String::from_utf8_lossy(&client.stdout), "Hi, Ada!\n");
    assert!(client.status.success());
}

#[test]
fn a_client_without_a_server_says_so() {
    let address = Served::start().address.clone();
    let client = Command::new(env!("CARGO_BIN_EXE_client"))
        .arg(format!("http://{address}"))
        .output()
        .expect("cargo has built the client");
    assert!(!client.status.success());
    let stderr = String::from_utf8_lossy(&client.stderr);
    assert!(stderr.contains("ConnectionRefused"), "{stderr}");
}
