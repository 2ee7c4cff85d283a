//! The commands: `balance`, and `nats`, which says how to start the rooms over a real broker.

use clap::{Arg, ArgMatches, Command};
use workbook::{Failure, Outcome};

use super::balance::{self, CALLS, STREAMS};

pub fn balance_command() -> Command {
    Command::new("balance").about("Balances over two servers and a dead address, over TCP")
}

pub fn balance(_: &ArgMatches) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::Other(error.to_string()))?;
    let counted = runtime.block_on(balance::play())?;
    println!(
        "{STREAMS} streams at a, then b comes:   {} have moved to b",
        counted.moved
    );
    println!(
        "{STREAMS} new streams:                  {} are at b",
        counted.new
    );
    println!(
        "a dead address in the list:      {} of {CALLS} calls fail",
        counted.failed
    );
    println!(
        "the dead address is taken out:   {} of {CALLS} calls fail",
        counted.failed_later
    );
    Ok(())
}

pub fn nats_command() -> Command {
    Command::new("nats")
        .about("Says how to start two servers over a nats-server that runs")
        .arg(Arg::new("URL").default_value("nats://127.0.0.1:4222"))
}

/// The broker's client takes longer to build than this lesson, so that only this command builds it.
pub fn nats(arguments: &ArgMatches) -> Outcome {
    let url = arguments.get_one::<String>("URL");
    let url = url.map_or("nats://127.0.0.1:4222", String::as_str);
    println!("With a nats-server that runs (nats-server -js):");
    println!("cargo run -p many-servers-nats --features nats -- {url}");
    Ok(())
}
