//! What `.ci/many` plays, as tables without numbers that depend on the machine.

use std::path::Path;

use super::hub::Hub;
use super::jetstream::JetStream;
use super::kills::{self, Counted, Resumes};
use super::processes::{Done, Nats};
use super::{outage, proxy, suite};

/// What stands above a table, so that the book includes it as it does the other snapshots.
const HEADER: &str = "---\nsource: .ci/many\n---\n";

/// Plays everything, and writes a table for each of the three kinds into the folder. What was counted goes to
/// stderr.
pub async fn plays(folder: &Path, kills: usize) -> Done<()> {
    let mut nats = Nats::start(&folder.join("jetstream")).await?;
    let hub = async || Done::Ok(Hub::new(JetStream::connect(&nats.url()).await?));
    suite::holds(&hub().await?, &hub().await?, "suite").await?;
    eprintln!("the behaviour suite, with two hubs over NATS JetStream: holds");

    let mut table = Table::new("| broker | the member listens again | lost | twice |");
    for (broker, core, how, resumes) in [
        ("core NATS", true, "from now on", Resumes::FromNowOn),
        ("JetStream", false, "from now on", Resumes::FromNowOn),
        ("JetStream", false, "at its last message", Resumes::FromLast),
        (
            "JetStream",
            false,
            "behind its last message",
            Resumes::BehindLast,
        ),
    ] {
        let counted = kills::play(&nats, core, resumes, kills).await?;
        table.counted(&format!("{broker} | {how}"), &counted);
    }
    table.write(folder, "kills")?;

    let mut table = Table::new("| broker | a publish is OK | lost | twice |");
    let counted = outage::play(&mut nats, true).await?;
    table.counted("core NATS | when it is in the client's buffer", &counted);
    let counted = outage::play(&mut nats, false).await?;
    table.counted("JetStream | when the broker has answered", &counted);
    table.write(folder, "outage")?;

    let mut table = Table::new("| haproxy | streams at the servers | streams that end | code |");
    for (name, calls) in [("`mode tcp`", false), ("`mode http`", true)] {
        let spread = proxy::play(&nats, folder, calls).await?;
        let [most, least] = spread.streams[..] else {
            return Err("there are two servers".into());
        };
        table.row(&format!(
            "{name} | {most} and {least} | {} | {:?}",
            spread.end, spread.code
        ));
    }
    table.write(folder, "haproxy")
}

struct Table(String);

impl Table {
    fn new(heading: &str) -> Self {
        let columns = heading.matches('|').count() - 1;
        Self(format!(
            "{HEADER}{heading}\n|{}\n",
            " --- |".repeat(columns)
        ))
    }

    fn row(&mut self, cells: &str) {
        self.0.push_str(&format!("| {cells} |\n"));
    }

    /// How many are lost depends on the machine; that some are does not.
    fn counted(&mut self, name: &str, counted: &Counted) {
        let Counted { said, lost, twice } = *counted;
        eprintln!("{name}: {said} said, {lost} lost, {twice} twice");
        let word = |none: bool| if none { "0" } else { "some" };
        self.row(&format!(
            "{name} | {} | {}",
            word(lost == 0),
            word(twice == 0)
        ));
    }

    fn write(self, folder: &Path, name: &str) -> Done<()> {
        Ok(std::fs::write(folder.join(format!("{name}.snap")), self.0)?)
    }
}
