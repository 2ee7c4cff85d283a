//! Accepts clients, connects each to the server, and watches.

use std::io::{self, ErrorKind, Write as _};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use streaming_lab::run::{Json, Transcript, View};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::arguments::Arguments;
use super::output::{Output, Rows};
use super::relay::relay;
use super::server::Server;
use super::teller::Shown;
use super::types::Types;
use super::watcher::Watcher;

/// The longest time between two looks for calls that are silent.
const LOOK: Duration = Duration::from_secs(1);

/// After an error of accept, which is usually that no file descriptor is free.
const PAUSE: Duration = Duration::from_millis(50);

/// What all connections share.
#[derive(Clone)]
struct Tap {
    watcher: Arc<Mutex<Watcher>>,
    began: Instant,
    server: Server,
    /// There are rows to be written.
    printed: Arc<Notify>,
}

/// Relays until `until` resolves, or until the output is closed.
pub(super) fn serve(
    arguments: &Arguments,
    output: Output,
    until: impl Future<Output = io::Result<()>>,
) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(run(arguments, output, until))
}

async fn run(
    arguments: &Arguments,
    output: Output,
    until: impl Future<Output = io::Result<()>>,
) -> Result<(), String> {
    let Arguments {
        listen, stalled, ..
    } = arguments;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| cannot_listen(*listen, &error))?;
    let local = listener
        .local_addr()
        .map_err(|error| cannot_listen(*listen, &error))?;
    // Before the server is looked for: a file that cannot be read is a mistake in the command.
    let in_files = match &arguments.proto[..] {
        [] => None,
        files => Some(Types::in_files(files, &arguments.include)?),
    };
    let server = Server::of(arguments)?;
    drop(server.connect().await?);
    let types = match in_files {
        Some(types) => Some(Ok(types)),
        None if arguments.no_reflection => None,
        None => Some(server.types().await),
    };
    // A script that reads the address may ask for the end at once: it must be listened for before.
    let mut until = pin!(until);
    let cannot_wait = |error: io::Error| format!("cannot wait for Ctrl-C: {error}");
    if let Poll::Ready(ended) = futures::poll!(until.as_mut()) {
        return ended.map_err(cannot_wait);
    }
    let colours = output.colours;
    let mut rows = Rows::to(output);
    if !arguments.json {
        // As a lesson's `serve`: the first line is the address that is bound. Whether it can be written shows
        // in the loop.
        let _ = writeln!(rows, "{local}");
    }
    let tap = Tap {
        watcher: Arc::new(Mutex::new(watcher(arguments, rows.clone(), colours))),
        began: Instant::now(),
        server,
        printed: Arc::default(),
    };
    tap.tell(|watcher, at| {
        watcher.begin(&format!("{local} → {}; Ctrl-C ends", arguments.server));
        match types {
            Some(Ok(types)) => watcher.knows(types),
            Some(Err(why)) => watcher.remark(at, &why),
            None => {}
        }
    });
    let mut looks = interval((*stalled / 4).min(LOOK).max(Duration::from_millis(1)));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            ended = &mut until => break ended.map_err(cannot_wait)?,
            // This task has its turn when those that relay have nothing more to do.
            () = tap.printed.notified() => if rows.write_out().is_err() {
                return Ok(());
            },
            _ = looks.tick() => tap.tell(|watcher, at| watcher.diagnose(at, *stalled)),
            accepted = listener.accept() => match accepted {
                Ok((client, from)) => drop(tokio::spawn(tap.clone().connection(client, from))),
                Err(_) => sleep(PAUSE).await,
            },
        }
    }
    tap.tell(Watcher::finish);
    // An output that is closed now has missed only the end.
    let _ = rows.write_out();
    Ok(())
}

impl Tap {
    async fn connection(self, client: TcpStream, from: SocketAddr) {
        let mut number = 0;
        self.tell(|watcher, at| number = watcher.opened(at, &from.to_string()));
        let server = match self.server.connect().await {
            Ok(server) => server,
            Err(why) => {
                // The client gets a reset, which is nearest to the refusal that it would have got.
                let _ = client.set_zero_linger();
                let how = format!("ended at once: {why}");
                return self.tell(|watcher, at| watcher.lost(at, number, &how));
            }
        };
        // What one side sends at once is sent on at once. Where the option is refused, it is only slower.
        let _ = client.set_nodelay(true);
        let ended = relay(client, server, |direction, bytes| {
            self.tell(|watcher, at| watcher.passed(at, number, direction, bytes));
        })
        .await;
        self.tell(|watcher, at| watcher.closed(at, number, &ended));
    }

    fn tell(&self, tell: impl FnOnce(&mut Watcher, Duration)) {
        tell(&mut self.lock(), self.began.elapsed());
        self.printed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Watcher> {
        // Only a panic while it was locked poisons it, and counts of then are still counts.
        self.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn watcher(arguments: &Arguments, rows: Rows, colours: bool) -> Watcher {
    let view: Box<dyn View> = if arguments.json {
        Box::new(Json::new(rows))
    } else if colours {
        Box::new(Transcript::new(rows, true))
    } else {
        Box::new(Transcript::plain(rows, true))
    };
    let shown = Shown {
        only: arguments.only.clone(),
        quiet: arguments.quiet,
    };
    Watcher::new(view, shown)
}

fn cannot_listen(addr: SocketAddr, error: &io::Error) -> String {
    let advice = match error.kind() {
        ErrorKind::AddrInUse => {
            "another program listens there. Stop it, or take any free port with --listen 127.0.0.1:0."
        }
        ErrorKind::PermissionDenied => "the system does not allow that port. Take one above 1023.",
        ErrorKind::AddrNotAvailable => {
            "this machine does not have that address. 127.0.0.1 always works."
        }
        _ => return format!("cannot listen on {addr}: {error}"),
    };
    format!("cannot listen on {addr}: {advice}")
}
