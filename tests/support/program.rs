//! The lesson programs, run as a student runs them.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::iter::Copied;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::slice;
use std::sync::LazyLock;

/// A lesson's program.
#[derive(Debug, Clone, Copy)]
pub struct Lesson {
    /// Folder, chapter, solution and snapshots share this name.
    pub stem: &'static str,
}

/// Every lesson, in the order of their numbers. The `[[bin]]`s of Cargo.toml register them.
pub const LESSONS: Lessons = Lessons;

/// The lessons whose programs speak no gRPC (`Lesson::without_grpc`): there is nothing for grpcurl to call.
const WITHOUT_GRPC: [&str; 1] = ["24"];

/// What [`LESSONS`] is: a list that is read from Cargo.toml when it is used first.
#[derive(Debug, Clone, Copy)]
pub struct Lessons;

impl Lessons {
    /// Those that serve gRPC.
    pub fn with_grpc(self) -> impl Iterator<Item = Lesson> {
        self.into_iter().filter(|lesson| lesson.speaks_grpc())
    }

    /// Those that do not.
    pub fn without_grpc(self) -> impl Iterator<Item = Lesson> {
        self.into_iter().filter(|lesson| !lesson.speaks_grpc())
    }

    /// The lessons' numbers: "01", "02" and so on.
    pub fn numbers(self) -> Vec<&'static str> {
        self.into_iter().map(Lesson::number).collect()
    }
}

static REGISTERED: LazyLock<Vec<Lesson>> = LazyLock::new(registered);

impl Deref for Lessons {
    type Target = [Lesson];

    fn deref(&self) -> &[Lesson] {
        &REGISTERED
    }
}

impl IntoIterator for Lessons {
    type Item = Lesson;
    type IntoIter = Copied<slice::Iter<'static, Lesson>>;

    fn into_iter(self) -> Self::IntoIter {
        REGISTERED.iter().copied()
    }
}

/// The stems of the paths in the manifest: "lessons/04_bidi_streaming/main.rs".
fn registered() -> Vec<Lesson> {
    let manifest = fs::read_to_string("Cargo.toml").expect("it is there");
    let mut stems: Vec<String> = manifest
        .lines()
        .filter_map(|line| {
            line.strip_prefix("path = \"lessons/")?
                .strip_suffix("/main.rs\"")
        })
        .filter(|stem| stem.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
        .collect();
    stems.sort();
    // Once a test program, so that a lesson can be copied.
    stems
        .into_iter()
        .map(|stem| Lesson { stem: stem.leak() })
        .collect()
}

/// What a run of a program came to.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    /// None when a signal ended it.
    pub code: Option<i32>,
}

impl Lesson {
    /// Whether its `serve` is for grpcurl.
    pub fn speaks_grpc(self) -> bool {
        !WITHOUT_GRPC.contains(&self.number())
    }

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

    /// The program itself: cargo builds all of a package's programs into the folder of the first.
    fn exe(self) -> PathBuf {
        let name = format!("lesson{}{EXE_SUFFIX}", self.number());
        Path::new(env!("CARGO_BIN_EXE_lesson01")).with_file_name(name)
    }

    /// The program with arguments, in the repository's root, without a terminal.
    pub fn command<'a>(self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(self.exe());
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
