//! What `.ci/many` plays, as tables without numbers that depend on the machine.

use std::path::Path;

use super::hub::Hub;
use super::jetstream::JetStream;
use super::kills::{self, Counted, Resumes};
use super::processes::{Done, Nats};
use super::{outage, proxy, suite};

/// Plays everything, and prints the tables. What was counted goes to stderr.
pub async fn plays(folder: &Path, kills: usize) -> Done<()> {
    let mut nats = Nats::start(&folder.join("jetstream")).await?;
    let hub = async || Done::Ok(Hub::new(JetStream::connect(&nats.url()).await?));
    suite::holds(&hub().await?, &hub().await?, "suite").await?;
    println!("The behaviour suite, two hubs over NATS JetStream: holds\n");

    println!("SIGKILL of the server at which the member listens");
    println!("| broker | the member listens again | lost | twice |");
    println!("|---|---|---|---|");
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
        row(&format!("{broker} | {how}"), &counted);
    }

    println!("\nSIGKILL of nats-server, which is back after 500 ms");
    println!("| broker | a publish is OK | lost | twice |");
    println!("|---|---|---|---|");
    let counted = outage::play(&mut nats, true).await?;
    row("core NATS | when it is in the client's buffer", &counted);
    let counted = outage::play(&mut nats, false).await?;
    row("JetStream | when the broker has answered", &counted);

    println!(
        "\nTen streams of one channel through haproxy, and SIGKILL of the server that has the most"
    );
    println!("| haproxy | streams at the servers | streams that end | code |");
    println!("|---|---|---|---|");
    for (name, calls) in [("mode tcp", false), ("mode http", true)] {
        let spread = proxy::play(&nats, folder, calls).await?;
        let [most, least] = spread.streams[..] else {
            return Err("there are two servers".into());
        };
        println!(
            "| {name} | {most} and {least} | {} | {:?} |",
            spread.end, spread.code
        );
    }
    Ok(())
}

/// How many are lost depends on the machine; that some are does not.
fn row(name: &str, counted: &Counted) {
    let Counted { said, lost, twice } = *counted;
    eprintln!("{name}: {said} said, {lost} lost, {twice} twice");
    let word = |none: bool| if none { "0" } else { "some" };
    println!("| {name} | {} | {} |", word(lost == 0), word(twice == 0));
}
