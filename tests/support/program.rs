//! The lesson programs, run as a student runs them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A lesson's program.
#[derive(Debug, Clone, Copy)]
pub struct Lesson {
    /// Folder, chapter, solution and snapshots share this name.
    pub stem: &'static str,
    exe: &'static str,
}

/// Every lesson. Cargo.toml is the table of contents; a test compares the two.
pub const LESSONS: [Lesson; 15] = [
    Lesson {
        stem: "01_unary",
        exe: env!("CARGO_BIN_EXE_lesson01"),
    },
    Lesson {
        stem: "02_server_streaming",
        exe: env!("CARGO_BIN_EXE_lesson02"),
    },
    Lesson {
        stem: "03_client_streaming",
        exe: env!("CARGO_BIN_EXE_lesson03"),
    },
    Lesson {
        stem: "04_bidi_streaming",
        exe: env!("CARGO_BIN_EXE_lesson04"),
    },
    Lesson {
        stem: "05_three_ends",
        exe: env!("CARGO_BIN_EXE_lesson05"),
    },
    Lesson {
        stem: "06_eof_is_not_commit",
        exe: env!("CARGO_BIN_EXE_lesson06"),
    },
    Lesson {
        stem: "07_errors_are_final",
        exe: env!("CARGO_BIN_EXE_lesson07"),
    },
    Lesson {
        stem: "08_call_that_never_returns",
        exe: env!("CARGO_BIN_EXE_lesson08"),
    },
    Lesson {
        stem: "09_backpressure",
        exe: env!("CARGO_BIN_EXE_lesson09"),
    },
    Lesson {
        stem: "10_both_sides_sending",
        exe: env!("CARGO_BIN_EXE_lesson10"),
    },
    Lesson {
        stem: "11_frozen_neighbour",
        exe: env!("CARGO_BIN_EXE_lesson11"),
    },
    Lesson {
        stem: "12_cancel_by_drop",
        exe: env!("CARGO_BIN_EXE_lesson12"),
    },
    Lesson {
        stem: "13_leaked_tasks",
        exe: env!("CARGO_BIN_EXE_lesson13"),
    },
    Lesson {
        stem: "14_one_context_for_the_call",
        exe: env!("CARGO_BIN_EXE_lesson14"),
    },
    Lesson {
        stem: "15_deadlines",
        exe: env!("CARGO_BIN_EXE_lesson15"),
    },
];

/// What a run of a program came to.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    /// None when a signal ended it.
    pub code: Option<i32>,
}

impl Lesson {
    /// The lesson of that number: "04".
    pub fn numbered(number: &str) -> Self {
        *LESSONS
            .iter()
            .find(|lesson| lesson.number() == number)
            .unwrap_or_else(|| panic!("there is no lesson {number}"))
    }

    /// "04" of "04_bidi_streaming".
    pub fn number(self) -> &'static str {
        &self.stem[..2]
    }

    /// The program with arguments, in the repository's root, without a terminal.
    pub fn command<'a>(self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(Path::new(self.exe));
        command.args(arguments).stdin(Stdio::null());
        // What the machine running the tests prefers must not change what is compared.
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "RUST_BACKTRACE",
            "RUST_LOG",
        ] {
            command.env_remove(name);
        }
        // A server that a test kills leaves its uploads behind: in this folder they disturb no other program.
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, env!("CARGO_TARGET_TMPDIR"));
        }
        // A test is no progress of the student's.
        command.env(progress::VARIABLE, "");
        command
    }

    /// Runs the program to its end.
    pub fn run<'a>(self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        let output = self
            .command(arguments)
            .output()
            .expect("cargo has built the program");
        Ran::from(output)
    }

    /// What the program prints for one scene, which must succeed.
    pub fn printed(self, name: &str, more: &[&str]) -> String {
        let ran = self.run(["--scene", name].into_iter().chain(more.iter().copied()));
        assert_eq!(
            ran.code,
            Some(0),
            "{} --scene {name}: {}",
            self.stem,
            ran.stderr
        );
        assert_eq!(ran.stderr, "", "{} --scene {name}", self.stem);
        ran.stdout
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("programs print UTF-8");
        Self {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }
}
