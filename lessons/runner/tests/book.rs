//! `book`.

use std::fs;
use std::path::Path;

use crate::mini::Mini;

/// The version that the whole repository names.
const MDBOOK: &str = "0.5.4";

#[test]
fn without_mdbook_the_one_command_that_installs_it_is_shown() {
    let mini = Mini::new();
    let empty = mini.path("empty");
    fs::create_dir(&empty).expect("it can be made");
    let output = mini.command(&["book"]).env("PATH", &empty).output();
    let output = output.expect("cargo has built the runner");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let install = format!("\n  cargo install --locked mdbook --version {MDBOOK}\n");
    assert!(stderr.contains(&install), "{stderr}");
}

#[test]
fn the_version_of_mdbook_is_the_same_everywhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (name, words) in [
        ("README.md", format!("mdbook --version {MDBOOK}")),
        (".ci/run", format!("MDBOOK_VERSION={MDBOOK}\n")),
        ("Cargo.toml", format!("mdbook-core = \"={MDBOOK}\"")),
    ] {
        let text = fs::read_to_string(root.join(name)).expect("it is there");
        assert!(text.contains(&words), "{name} does not say {words}");
    }
}

#[cfg(unix)]
mod with_mdbook {
    use std::net::TcpListener;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::*;

    /// A program called mdbook that says its version, and otherwise with what it was called.
    fn with_book(version: &str) -> (Mini, PathBuf) {
        let mini = Mini::new();
        mini.write(
            "bin/mdbook",
            &format!(
                "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'mdbook v{version}'; else \
                 echo \"$@\"; fi\n"
            ),
        );
        let program = mini.path("bin/mdbook");
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let folder = mini.path("bin");
        (mini, folder)
    }

    fn book(version: &str, words: &[&str]) -> String {
        let (mini, path) = with_book(version);
        let mut command = mini.command(&[&["book"], words].concat());
        command.env("PATH", path);
        let output = command.output().expect("cargo has built the runner");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    /// A port that is free at the moment.
    fn free() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener
            .local_addr()
            .expect("it is bound")
            .port()
            .to_string()
    }

    #[test]
    fn the_book_is_served() {
        let port = free();
        assert_eq!(
            book(MDBOOK, &["--port", &port, "--open"]),
            format!(
                "The book is at http://localhost:{port} in a moment. Ctrl-C ends it.\nserve book \
                 --port {port} --open\n"
            )
        );
    }

    #[test]
    fn a_port_that_is_taken_is_said_before_mdbook_is_started() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = taken.local_addr().expect("it is bound").port();
        let (mini, path) = with_book(MDBOOK);
        let mut command = mini.command(&["book", "--port", &port.to_string()]);
        let output = command.env("PATH", path).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stderr.contains(&format!("port {port} cannot be used")),
            "{stderr}"
        );
    }

    #[test]
    fn another_version_is_named_and_used() {
        let printed = book("0.4.40", &["--port", &free()]);
        assert!(printed.starts_with("This is mdbook v0.4.40; the book is tested with 0.5.4."));
        assert!(printed.contains("\nserve book --port "), "{printed}");
    }
}
