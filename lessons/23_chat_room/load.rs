//! `crowd`: many members over TCP, each with a connection of its own, and what each of them has heard.

use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, value_parser};
use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tonic::transport::Endpoint;
use workbook::{Failure, Outcome};

use super::jitter::Jitter;
use super::session::{Heard, Session};

/// How long the last messages may take to all members.
const LATEST: Duration = Duration::from_secs(20);
/// How often it is looked whether they have come.
const LOOKS: Duration = Duration::from_millis(50);
/// Messages that wait for their turn, for each member.
const WAITING: usize = 16;
/// How many connections begin at once: a listener's backlog is 1,024 or less.
const AT_ONCE: usize = 50;

/// What one member has heard. A repeated message is not handed over, so these are counted once.
#[derive(Default)]
struct Ears {
    first: AtomicU64,
    last: AtomicU64,
    heard: AtomicU64,
    broken_calls: AtomicU64,
    refused: AtomicU64,
    end: Mutex<Option<String>>,
}

pub fn command() -> Command {
    let number = |name: &'static str, value: &'static str| {
        let number = Arg::new(name).long(name).default_value(value);
        number.value_parser(value_parser!(u64).range(1..))
    };
    Command::new("crowd")
        .about("Many members of a room over TCP: says how much each has heard")
        .arg(Arg::new("URL").required(true))
        .arg(number("members", "100"))
        .arg(number("seconds", "8"))
        .arg(number("rate", "50").help("Messages a second, of all members together"))
        .hide(true)
}

/// `crowd URL --members 100 --seconds 8 --rate 50`
pub fn crowd(arguments: &ArgMatches) -> Outcome {
    let number = |name| arguments.get_one::<u64>(name).copied().unwrap_or(1);
    let url = arguments
        .get_one::<String>("URL")
        .cloned()
        .unwrap_or_default();
    let endpoint = Endpoint::from_shared(url).map_err(|error| Failure::Usage(error.to_string()))?;
    let members = usize::try_from(number("members")).unwrap_or(usize::MAX);
    let lasts = Duration::from_secs(number("seconds"));
    let every = Duration::from_secs(1) / u32::try_from(number("rate")).unwrap_or(u32::MAX);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("no runtime: {error}")))?;
    runtime.block_on(plays(&endpoint, members, lasts, every))
}

async fn plays(endpoint: &Endpoint, members: usize, lasts: Duration, every: Duration) -> Outcome {
    let ears: Vec<Arc<Ears>> = (0..members).map(|_| Arc::default()).collect();
    let (says, stays): (Vec<_>, Vec<_>) = ears
        .iter()
        .enumerate()
        .map(|(number, ears)| {
            let (says, said) = mpsc::channel(WAITING);
            (
                says,
                member(endpoint.clone(), number, said, Arc::clone(ears)),
            )
        })
        .unzip();
    let talks = async {
        // The last ones have joined by then.
        sleep(begins(members) + Duration::from_secs(1)).await;
        let (began, mut ticks, mut said) = (Instant::now(), interval(every), 0);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while began.elapsed() < lasts {
            ticks.tick().await;
            // Fails when this member's session has ended, which is counted as missing.
            let _ = says[said % members].send(said.to_string()).await;
            said += 1;
        }
        let late = all_have(&ears, said as u64).await;
        // Closes the queues: the members leave.
        drop(says);
        (said, late)
    };
    let (_, (said, late)) = futures::join!(join_all(stays), talks);
    report(&ears, said, late)
}

/// When the last connection begins.
fn begins(number: usize) -> Duration {
    Duration::from_millis(100) * u32::try_from(number / AT_ONCE).unwrap_or(u32::MAX)
}

async fn member(
    endpoint: Endpoint,
    number: usize,
    mut says: mpsc::Receiver<String>,
    ears: Arc<Ears>,
) {
    sleep(begins(number)).await;
    let name = format!("m{number:04}");
    let jitter = Jitter::new(None);
    let mut session = Session::new(endpoint.connect_lazy(), "lobby", &name, jitter, true);
    let ended = session
        .stay(&mut says, |heard| match heard {
            Heard::Said(said) => {
                if ears.heard.fetch_add(1, Ordering::Relaxed) == 0 {
                    ears.first.store(said.sequence, Ordering::Relaxed);
                }
                ears.last.store(said.sequence, Ordering::Relaxed);
            }
            Heard::Lost(..) | Heard::Missed => {
                ears.broken_calls.fetch_add(1, Ordering::Relaxed);
            }
            Heard::Refused(_) => {
                ears.refused.fetch_add(1, Ordering::Relaxed);
            }
            Heard::Here(_) | Heard::Moved(_) => {}
        })
        .await;
    let end = ended.err().map(|status| status.to_string());
    *ears.end.lock().unwrap_or_else(PoisonError::into_inner) = end;
}

/// Waits until each member has heard so many messages; whether it took too long.
async fn all_have(ears: &[Arc<Ears>], said: u64) -> bool {
    let began = Instant::now();
    while began.elapsed() < LATEST {
        if ears
            .iter()
            .all(|ears| ears.heard.load(Ordering::Relaxed) >= said)
        {
            return false;
        }
        sleep(LOOKS).await;
    }
    true
}

fn report(ears: &[Arc<Ears>], said: usize, late: bool) -> Outcome {
    let of = |number: fn(&Ears) -> &AtomicU64| {
        ears.iter()
            .map(move |ears| number(ears).load(Ordering::Relaxed))
    };
    let deliveries: u64 = of(|ears| &ears.heard).sum();
    let due = said as u64 * ears.len() as u64;
    let missing = due.saturating_sub(deliveries);
    let holes: u64 = ears
        .iter()
        .map(|ears| {
            let [first, last, heard] =
                [&ears.first, &ears.last, &ears.heard].map(|number| number.load(Ordering::Relaxed));
            (last + u64::from(heard > 0))
                .saturating_sub(first)
                .abs_diff(heard)
        })
        .sum();
    let broken: u64 = of(|ears| &ears.broken_calls).sum();
    let refused: u64 = of(|ears| &ears.refused).sum();
    let failed = ears.iter().filter_map(|ears| {
        ears.end
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    });
    let failed: Vec<String> = failed.collect();
    let (members, ended) = (ears.len(), failed.len());
    let line = format!(
        "{members} members, {said} messages: {deliveries} heard, {missing} missing, {holes} out of order, {refused} refused, {broken} calls broken, {ended} ended early"
    );
    let mut out = std::io::stdout();
    // A closed standard output is no reason to fail.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    if late || missing + holes + refused + broken > 0 || ended > 0 {
        let first = failed.first().cloned().unwrap_or_default();
        return Err(Failure::Other(format!(
            "not every member has heard everything. {first}"
        )));
    }
    Ok(())
}
