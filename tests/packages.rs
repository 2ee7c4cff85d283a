//! Which package may build what. Plain `cargo run` is the student's first impression, so the runner
//! builds no gRPC; and a lesson builds nothing that only the runner needs.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

const LESSONS: &str = "streaming-workbook";
const RUNNER: &str = "runner";
const TOOLS: &str = "workbook-tools";
const LAB: &str = "streaming-lab";
const PROGRESS: &str = "workbook-progress";
const VIEWS: &str = "run-views";
const EXAMPLE: &str = "ticks-example";
const ROOMS: &str = "many-servers-nats";
const CHAT: &str = "workbook-chat";

/// Built for gRPC, or with it.
const OF_GRPC: [&str; 8] = [
    "h2",
    "hyper",
    "prost",
    "prost-types",
    "protox",
    "tokio",
    "tonic",
    "tonic-prost",
];

/// Built for what tests and the book look at: a lesson's first build is short without it.
const OF_THE_VIEWS: [&str; 2] = [VIEWS, "svg"];

/// Built for the terminal's chat alone.
const OF_THE_CHAT: [&str; 2] = [CHAT, "rustyline"];

/// Built for a tap before a server with TLS.
const OF_TLS: [&str; 3] = ["ring", "rustls", "tokio-rustls"];

/// Built for the runner alone.
const OF_THE_RUNNER: [&str; 6] = [
    "crossterm",
    "ctrlc",
    "notify",
    "process-wrap",
    "similar",
    "supports-hyperlinks",
];

#[test]
fn the_runner_builds_neither_grpc_nor_a_lesson() {
    let runner = Packages::all().built_for(RUNNER);
    assert_apart(&runner, &OF_GRPC);
    assert_apart(&runner, &[LESSONS, TOOLS, LAB]);
    // Otherwise the next test shows nothing.
    for name in OF_THE_RUNNER {
        assert!(
            runner.contains(name),
            "the runner does not use {name} any more"
        );
    }
}

#[test]
fn a_lesson_builds_nothing_of_the_runner_or_the_views() {
    let lessons = Packages::all().built_for(LESSONS);
    assert_apart(&lessons, &OF_THE_RUNNER);
    assert_apart(&lessons, &[RUNNER, TOOLS]);
    assert_apart(&lessons, &OF_THE_VIEWS);
    assert_apart(&lessons, &OF_THE_CHAT);
    // Otherwise the line above shows nothing.
    assert!(Packages::all().built_for(CHAT).contains("rustyline"));
}

/// The rooms over NATS are a package that is no default member, and its broker's client is behind a feature.
#[test]
fn no_broker_is_built() {
    let packages = Packages::all();
    for package in [LESSONS, ROOMS] {
        assert_apart(&packages.built_for(package), &["async-nats"]);
    }
    let manifest = std::fs::read_to_string("Cargo.toml").expect("it is there");
    let default = manifest
        .lines()
        .find(|line| line.starts_with("default-members"));
    let default = default.expect("they are listed");
    assert!(!default.contains("many_servers"), "{default}");
}

/// The tap speaks TLS with a feature that is off.
#[test]
fn no_tls_is_built() {
    let packages = Packages::all();
    for package in [LESSONS, TOOLS, RUNNER] {
        assert_apart(&packages.built_for(package), &OF_TLS);
    }
    // Otherwise the lines above show nothing.
    let manifest = std::fs::read_to_string("lessons/tools/Cargo.toml").expect("it is there");
    assert!(manifest.contains("\ntls = ["), "{manifest}");
    assert!(manifest.contains("\ntokio-rustls = "), "{manifest}");
}

/// `cargo bench` at the root starts one program, which starts the benchmark. Each lib and program of a default
/// member would be built for it as well, unless its manifest says `bench = false`.
#[test]
fn cargo_bench_builds_no_lesson() {
    let manifests = [
        "23_chat_room/terminal",
        "27_test_your_own/example",
        "lab",
        "primer",
        "progress",
        "runner",
        "tools",
        "views",
    ]
    .map(|package| format!("lessons/{package}/Cargo.toml"));
    for path in manifests.iter().map(String::as_str).chain(["Cargo.toml"]) {
        let manifest = std::fs::read_to_string(path).expect("it is there");
        let built = manifest
            .split("\n[")
            .filter(|section| section.starts_with("lib]") || section.starts_with("[bin]]"));
        for section in built {
            assert!(section.contains("\nbench = false"), "{path}: [{section}");
        }
    }
}

#[test]
fn the_tools_know_neither_the_runner_nor_a_lesson() {
    let tools = Packages::all().built_for(TOOLS);
    assert_apart(&tools, &OF_THE_RUNNER);
    assert_apart(&tools, &[RUNNER, LESSONS, PROGRESS, VIEWS]);
}

#[test]
fn the_lab_knows_no_lesson_no_proto_and_no_command_line() {
    let lab = Packages::all().built_for(LAB);
    assert_apart(&lab, &OF_THE_RUNNER);
    assert_apart(&lab, &[RUNNER, TOOLS, LESSONS, PROGRESS]);
    assert_apart(&lab, &["clap", "prost", "protox", "tonic-prost"]);
}

/// `lessons/27_test_your_own/example` stands for a crate of the reader's: it takes the lab, for its tests alone.
#[test]
fn the_example_builds_nothing_from_here() {
    let example = Packages::all().built_for(EXAMPLE);
    assert_apart(&example, &[LAB, RUNNER, TOOLS, LESSONS, PROGRESS, VIEWS]);
}

#[test]
fn the_views_know_the_lab_and_no_lesson() {
    let views = Packages::all().built_for(VIEWS);
    assert!(views.contains(LAB), "{views:?}");
    assert_apart(&views, &[RUNNER, TOOLS, LESSONS, PROGRESS]);
    assert_apart(&views, &["clap", "prost", "protox", "tonic-prost"]);
}

#[test]
fn what_lessons_and_runner_share_has_a_short_list() {
    let packages = Packages::all();
    assert_eq!(packages.direct(PROGRESS), names(&["anstyle", "serde_json"]));
    assert_apart(&packages.built_for(PROGRESS), &OF_GRPC);
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn assert_apart(built: &BTreeSet<String>, others: &[&str]) {
    for &name in others {
        assert!(!built.contains(name), "{name} is built as well: {built:?}");
    }
}

/// The packages of the lock file that this platform builds, and what each needs to be built.
struct Packages(BTreeMap<String, BTreeSet<String>>);

impl Packages {
    /// Read once for all tests: cargo takes longer than they do.
    fn all() -> &'static Self {
        static ALL: OnceLock<Packages> = OnceLock::new();
        ALL.get_or_init(Self::read)
    }

    fn read() -> Self {
        // Of other platforms' packages a machine that is offline has no manifests.
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(["--filter-platform", &host()])
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{output:?}");
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
        let named: BTreeMap<&str, &str> = list(&metadata["packages"])
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let needs = list(&metadata["resolve"]["nodes"]).map(|node| {
            let needed = list(&node["deps"]).filter(|dependency| is_built(dependency));
            let needed = needed.map(|dependency| named[text(&dependency["pkg"])].to_owned());
            (
                named[text(&node["id"])].to_owned(),
                needed.collect::<Vec<_>>(),
            )
        });
        let mut packages = BTreeMap::<String, BTreeSet<String>>::new();
        // Two versions of a package count as one.
        for (name, needed) in needs {
            packages.entry(name).or_default().extend(needed);
        }
        Self(packages)
    }

    /// What the package's manifest names, without what only its tests need.
    fn direct(&self, package: &str) -> BTreeSet<String> {
        self.0.get(package).expect("it is in the workspace").clone()
    }

    /// The same, and all that these need.
    fn built_for(&self, package: &str) -> BTreeSet<String> {
        let mut built = BTreeSet::new();
        let mut left: Vec<String> = self.direct(package).into_iter().collect();
        while let Some(name) = left.pop() {
            if built.insert(name.clone()) {
                left.extend(self.direct(&name));
            }
        }
        built
    }
}

/// A dependency of the program or of its build script, not of its tests alone.
fn is_built(dependency: &Value) -> bool {
    list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev")
}

fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let version = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("it names its platform").to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
