//! A course of three tiny lessons, in a folder of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub use crate::programs::*;

/// The lessons' stems.
pub const LESSONS: [&str; 3] = ["01_one", "02_two", "03_three"];

const SUMMARY: &str = "\
# Summary

[Introduction](00_introduction.md)

# I. Numbers

- [01 One](01_one.md)
- [02 Two](02_two.md)

# II. More numbers

- [03 Three](03_three.md)

# To look things up

- [Checklist](checklist.md)
";

const MANIFEST: &str = r#"
[package]
name = "mini"
version = "0.0.0"
edition = "2024"
autobins = false
# Many of these are built.
[profile.dev]
debug = false
incremental = false
"#;

/// The tap has a package of its own, as in the workbook, because it has a feature.
const TOOLS_BELONG: &str =
    "[workspace]\nmembers = [\"tools\"]\ndefault-members = [\".\", \"tools\"]\n";

const TOOLS: &str = r#"
[package]
name = "workbook-tools"
version = "0.0.0"
edition = "2024"
[features]
tls = []
[[bin]]
name = "tap"
path = "../call.rs"
"#;

const HINTS: &str = "\
# Hints

## Nudge

What is six times
seven?

Say it.

## Pointer

One more than 41.

## Nearly there

It is `42`.
";

/// What a run printed, and its exit code.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the runner prints UTF-8");
        Self {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }
}

/// The course; its folder goes with it.
pub struct Mini {
    folder: TempDir,
}

impl Mini {
    /// A course that has not been begun.
    pub fn new() -> Self {
        let mini = Self {
            folder: tempfile::tempdir().expect("the system gives us a folder"),
        };
        let mut manifest = MANIFEST.to_owned();
        mini.write("book/src/SUMMARY.md", SUMMARY);
        for stem in LESSONS {
            let number = &stem[..2];
            manifest.push_str(&format!(
                "[[bin]]\nname = \"lesson{number}\"\npath = \"lessons/{stem}/main.rs\"\n"
            ));
            mini.write(&format!("lessons/{stem}/main.rs"), MAIN);
            mini.answer(stem, STARTER);
            mini.write(&format!("solutions/{stem}/starter.rs"), STARTER);
            mini.write(&format!("solutions/{stem}/solution.rs"), SOLUTION);
            mini.write(&format!("solutions/{stem}/hints.md"), HINTS);
        }
        manifest.push_str("[[bin]]\nname = \"call\"\npath = \"call.rs\"\n");
        manifest.push_str("[[bin]]\nname = \"chat\"\npath = \"call.rs\"\n");
        manifest.push_str(TOOLS_BELONG);
        mini.write("tools/Cargo.toml", TOOLS);
        mini.write("call.rs", CALL);
        mini.write("Cargo.toml", &manifest);
        mini
    }

    /// A course as long as the whole workbook: its lessons are only named, never built.
    pub fn long() -> Self {
        let mini = Self::new();
        let mut summary = String::new();
        for (part, lessons) in [4, 3, 5, 5, 5, 5].into_iter().enumerate() {
            summary.push_str(&format!("# {}. A part of the course\n\n", part + 1));
            for lesson in 0..lessons {
                let stem = format!("{}{lesson}_lesson", part + 1);
                summary.push_str(&format!(
                    "- [{}{lesson} A lesson of ordinary length]({stem}.md)\n",
                    part + 1
                ));
                mini.answer(&stem, STARTER);
                mini.write(&format!("solutions/{stem}/starter.rs"), STARTER);
            }
        }
        mini.write("book/src/SUMMARY.md", &summary);
        mini
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().expect("it is in a folder");
        fs::create_dir_all(folder).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("it is there")
    }

    /// Saves an answer to a lesson's exercise.
    pub fn answer(&self, stem: &str, text: &str) {
        self.write(&format!("lessons/{stem}/exercise.rs"), text);
    }

    /// The progress that is kept, without its title.
    pub fn progress(&self) -> String {
        let text = self.read("progress.txt");
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        lines.join("\n")
    }

    /// Keeps progress, as if it had happened.
    pub fn has(&self, progress: &str) {
        self.write("progress.txt", progress);
    }

    /// The runner with these words behind it, without a terminal.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
        command
            .arg("--root")
            .arg(self.folder.path())
            .args(words)
            .stdin(Stdio::null());
        for (name, value) in self.environment() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// The preferences of the developer who runs the tests must not change what is compared, and their
    /// target folder is not for these lessons.
    pub fn environment(&self) -> Vec<(&'static str, Option<PathBuf>)> {
        let unset = [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "FORCE_HYPERLINK",
            "CARGO_TERM_COLOR",
            "WORKBOOK_PROGRESS",
        ];
        let mut environment: Vec<_> = unset.map(|name| (name, None)).into();
        environment.push(("CARGO_TARGET_DIR", Some(self.path("target"))));
        environment
    }

    /// Runs the runner to its end.
    pub fn run(&self, words: &[&str]) -> Ran {
        let output = self.command(words).output();
        output.expect("cargo has built the runner").into()
    }
}
