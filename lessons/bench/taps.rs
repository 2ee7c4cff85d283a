//! The tap of `lessons/tools` before the server that is measured: what it costs to look.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

use crate::target::Target;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A tap that only counts and diagnoses, and one that prints every frame.
pub struct Taps {
    pub quiet: Rc<Target>,
    pub printing: Rc<Target>,
}

impl Taps {
    /// Builds the tap as `cargo run -- tap` does, in the dev profile, and starts both before that server.
    ///
    /// # Errors
    /// When it cannot be built or started.
    pub async fn before(server: &Target) -> Result<Self, Box<dyn Error>> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--locked", "--bin", "tap"]);
        if !build.current_dir(ROOT).status().await?.success() {
            return Err("the tap does not compile; the compiler says above why".into());
        }
        Ok(Self {
            quiet: Rc::new(started(server, &["--quiet"]).await?),
            printing: Rc::new(started(server, &[]).await?),
        })
    }
}

async fn started(server: &Target, more: &[&str]) -> Result<Target, Box<dyn Error>> {
    let mut command = Command::new(program());
    command
        .args(["--listen", "127.0.0.1:0", "--no-reflection"])
        .args(more)
        .arg(format!("http://{}", server.address()))
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no standard output")?);
    let mut address = String::new();
    output.read_line(&mut address).await?;
    // What it prints has to be read by something, as a terminal would.
    tokio::spawn(async move {
        let mut rows = vec![0; 64 * 1024];
        while output.read(&mut rows).await.is_ok_and(|length| length > 0) {}
    });
    Ok(Target::of("tap", address.trim(), child))
}

fn program() -> PathBuf {
    let set = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = set.unwrap_or_else(|| Path::new(ROOT).join("target"));
    target.join("debug").join("tap")
}
