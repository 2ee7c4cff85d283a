//! What streams, calls and messages cost, over real TCP and the real clock. `cargo bench` at the root runs it.
//!
//! The ways of a group are measured in turn, sample by sample, and compared by the ratio of their medians: a
//! machine that is busy for a while slows all of them down. The numbers themselves are this machine's.

mod content;
mod counted;
mod downloads;
mod groups;
mod idle;
mod lean;
mod messages;
mod peers;
mod plot;
mod report;
mod server;
mod stats;
mod switches;
mod taps;
mod target;
mod trips;
mod ways;
mod words;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::rc::Rc;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Builder;

use groups::{Group, Sizes};
use report::{Measured, Report};
use server::ONE_THREAD;
use stats::Summary;
use taps::Taps;
use target::Target;
use ways::Servers;
use words::Words;

#[allow(
    missing_docs,
    clippy::all,
    reason = "generated code is not ours to document or lint"
)]
mod proto {
    pub mod stream {
        tonic::include_proto!("stream.v1");
    }
    pub mod lean {
        tonic::include_proto!("lean/stream.v1");
    }
    pub mod files {
        tonic::include_proto!("files.v1");
    }
}

/// The word that makes this program the server that is measured.
const SERVE: &str = "serve";
/// The word that makes it a client that holds streams.
const HOLD: &str = "hold";

/// Samples of each way, besides the first, which warms up and is not counted.
const SAMPLES: usize = 9;
const QUICK_SAMPLES: usize = 3;
const QUICK_SLOW_SAMPLES: usize = 1;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let mut runtime = if words.iter().any(|word| word == ONE_THREAD) {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    let runtime = runtime.enable_all().build()?;
    match words.split_first() {
        Some((word, rest)) if word == SERVE => runtime.block_on(server::run(rest)),
        Some((word, rest)) if word == HOLD => runtime.block_on(idle::hold(rest)),
        _ => runtime.block_on(measure(Words::parse(words)?)),
    }
}

async fn measure(words: Words) -> Result<(), Box<dyn Error>> {
    let tonic = Rc::new(Target::tonic().await?);
    // They are built by cargo first, so only where they are asked for.
    let is_tapped = groups::TAPPED.iter().any(|name| words.wants(name));
    let taps = match is_tapped && !words.list {
        true => Some(Taps::before(&tonic).await?),
        false => None,
    };
    let servers = Servers {
        tonic,
        on_one_thread: Rc::new(Target::tonic_with(&[ONE_THREAD]).await?),
        peers: peers::of(&words).await?,
        taps,
    };
    let mut groups = groups::all(&servers, Sizes::of(words.quick));
    if words.list {
        for group in groups {
            println!("{:12} {}", group.name, group.title);
        }
        return Ok(());
    }
    for name in &words.only {
        if !groups.iter().any(|group| group.name == name) {
            return Err(format!("there is no group {name}: see --list").into());
        }
    }
    groups.retain(|group| words.wants(group.name));
    let mut report = Report::new(words.quick, peers::versions(&words).await?);
    let bar = progress(&groups, words.quick)?;
    for group in &groups {
        bar.set_message(group.name);
        report.add(group, ways(group, words.quick, &bar).await?);
    }
    bar.finish_and_clear();
    report.print();
    report.write()?;
    if words.accept {
        report.accept()?;
    }
    Ok(())
}

fn samples(group: &Group, quick: bool) -> usize {
    match (quick, group.is_slow) {
        (false, _) => SAMPLES,
        (true, false) => QUICK_SAMPLES,
        (true, true) => QUICK_SLOW_SAMPLES,
    }
}

fn progress(groups: &[Group], quick: bool) -> Result<ProgressBar, Box<dyn Error>> {
    let all: usize = groups
        .iter()
        .map(|group| group.ways.len() * (samples(group, quick) + usize::from(!group.is_slow)))
        .sum();
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {eta}")?;
    Ok(ProgressBar::new(all as u64).with_style(style))
}

/// All ways of a group, in turn.
async fn ways(
    group: &Group,
    quick: bool,
    bar: &ProgressBar,
) -> Result<Vec<Measured>, Box<dyn Error>> {
    let mut taken = vec![Vec::new(); group.ways.len()];
    let mut has_failed = vec![false; group.ways.len()];
    // A new process has nothing to warm up.
    let warm_up = usize::from(!group.is_slow);
    for round in 0..samples(group, quick) + warm_up {
        for ((way, taken), has_failed) in group.ways.iter().zip(&mut taken).zip(&mut has_failed) {
            match (way.run)().await {
                Ok(sample) if round >= warm_up => taken.push(sample),
                Ok(_) => {}
                Err(error) if !std::mem::replace(has_failed, true) => {
                    bar.suspend(|| eprintln!("{}, {}: {error}", group.name, way.name));
                }
                // It has been said.
                Err(_) => {}
            }
            bar.inc(1);
        }
    }
    let ways = group.ways.iter().zip(taken);
    Ok(ways
        .map(|(way, taken)| Measured {
            name: way.name.clone(),
            summary: Summary::of(&taken),
        })
        .collect())
}
