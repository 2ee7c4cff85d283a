//! The programs: `put`, `get` and `store`.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use tonic::transport::server::{Router, TcpIncoming};
use tonic::transport::{Channel, Endpoint, Server};
use workbook::proto::files::End;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::transfer_service_server::TransferServiceServer;
use workbook::{Failure, Outcome};

use super::claims::Rule;
use super::commit::commit;
use super::counting::Counting;
use super::disk::Disk;
use super::folder::{Folder, read_at};
use super::service::{Receives, Transfers};
use super::source::{Source, Version};
use super::store::{Settings, Store};
use super::terminal::Line;
use super::{get, put};

/// Large enough that the number of messages costs nothing, small enough that a call holds little.
const PIECE: usize = 256 * 1024;
/// What is lost at most when the power is, and how often the other side is told.
const SYNC_EVERY: u64 = 8 * 1024 * 1024;
/// The longest file of `serve`, for a class …
const LONGEST_OF_CLASS: u64 = 64 * 1024 * 1024;
/// … and of `store`, for its owner.
const LONGEST: u64 = 1 << 40;
/// A peer that is silent for so long is asked, and given up when it does not answer.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// What `serve` serves: a folder that is removed at the end.
pub fn router() -> Router {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = since.map_or(0, |since| since.as_nanos());
    let name = format!("streaming-workbook-{}-{nanos}-{number}", std::process::id());
    let folder = Folder::temporary(std::env::temp_dir().join(name));
    serving(Arc::new(folder), LONGEST_OF_CLASS)
}

fn serving(disk: Arc<dyn Disk>, longest: u64) -> Router {
    let transfers = Transfers {
        store: Arc::new(store_on(disk, longest)),
        receives: Receives::Checked,
        piece: PIECE,
    };
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE.0))
        .http2_keepalive_timeout(Some(KEEPALIVE.1))
        .add_service(TransferServiceServer::new(transfers))
}

fn store_on(disk: Arc<dyn Disk>, longest: u64) -> Store {
    let settings = Settings {
        longest,
        sync_every: SYNC_EVERY,
        rule: Rule::NewestWins,
        commit,
    };
    Store::new(disk, settings)
}

pub fn put_command() -> Command {
    Command::new("put")
        .about("Send a file to a server; goes on where it ended before")
        .arg(path("FILE").required(true))
        .arg(url())
}

pub fn get_command() -> Command {
    Command::new("get")
        .about("Fetch a file from a server; goes on where it ended before")
        .arg(Arg::new("NAME").required(true))
        .arg(url())
        .arg(path("FILE"))
}

pub fn store_command() -> Command {
    let addr = Arg::new("addr")
        .long("addr")
        .default_value("127.0.0.1:50051");
    let count = Arg::new("count").long("count").action(ArgAction::SetTrue);
    Command::new("store")
        .about("Serve a folder, for put and get")
        .arg(path("FOLDER").required(true))
        .arg(addr.value_parser(value_parser!(SocketAddr)))
        .arg(count.hide(true))
}

fn path(name: &'static str) -> Arg {
    Arg::new(name).value_parser(value_parser!(PathBuf))
}

fn url() -> Arg {
    Arg::new("URL").required(true)
}

/// `put FILE URL`
pub fn put(arguments: &ArgMatches) -> Outcome {
    let path = given::<PathBuf>(arguments, "FILE")?;
    let name = name_of(path)?;
    let file = OnDisk(path.clone());
    let version = file.version().map_err(|error| cannot_read(path, &error))?;
    let source: Arc<dyn Source> = Arc::new(file);
    let line = Line::of(&name, version.size);
    let stored = on_real_clock(async {
        let client = client(arguments)?;
        Ok(put::put(client, &name, &source, PIECE, &line).await?)
    })?;
    say("stored", &name, &stored)
}

/// `get NAME URL [FILE]`
pub fn get(arguments: &ArgMatches) -> Outcome {
    let name = given::<String>(arguments, "NAME")?;
    let path = arguments.get_one::<PathBuf>("FILE").cloned();
    let path = path.unwrap_or_else(|| PathBuf::from(name));
    let to = name_of(&path)?;
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = Folder::at(folder.unwrap_or(Path::new(".")));
    let folder =
        folder.map_err(|error| Failure::Other(format!("the folder cannot be used: {error}")))?;
    let store = Arc::new(store_on(Arc::new(folder), u64::MAX));
    let line = Line::of(name, 0);
    let stored = on_real_clock(async {
        let client = client(arguments)?;
        Ok(get::get(client, name, (&store, &to), &line).await?)
    })?;
    say("fetched", &to, &stored)
}

/// `store FOLDER [--addr ADDR]`
pub fn store(arguments: &ArgMatches) -> Outcome {
    let path = given::<PathBuf>(arguments, "FOLDER")?;
    let addr = *given::<SocketAddr>(arguments, "addr")?;
    let disk: Arc<dyn Disk> = if arguments.get_flag("count") {
        Arc::new(Counting::default())
    } else {
        let folder = Folder::at(path);
        Arc::new(folder.map_err(|error| cannot_read(path, &error))?)
    };
    on_real_clock(async {
        let listens = TcpIncoming::bind(addr);
        let incoming =
            listens.map_err(|error| Failure::Other(format!("cannot listen at {addr}: {error}")))?;
        let local = incoming.local_addr().unwrap_or(addr);
        print(&format!("http://{local}"))?;
        tokio::select! {
            biased;
            // Open transfers end here, and go on when the server is back.
            _ = tokio::signal::ctrl_c() => Ok(()),
            ended = serving(disk, LONGEST).serve_with_incoming(incoming.with_nodelay(Some(true))) => Ok(ended?),
        }
    })
}

/// A channel that connects with its first call: a server that is not there yet is called again.
fn client(arguments: &ArgMatches) -> Result<TransferServiceClient<Channel>, Failure> {
    let url = given::<String>(arguments, "URL")?;
    let is_complete = |endpoint: &Endpoint| {
        let uri = endpoint.uri();
        uri.scheme_str() == Some("http") && uri.port_u16().is_some()
    };
    let endpoint = Endpoint::from_shared(url.clone()).ok().filter(is_complete);
    let example = "give the server as http://host:port, for example http://127.0.0.1:50051";
    let endpoint = endpoint.ok_or_else(|| Failure::Usage(example.to_owned()))?;
    let endpoint = endpoint
        .connect_timeout(KEEPALIVE.1)
        .http2_keep_alive_interval(KEEPALIVE.0)
        .keep_alive_timeout(KEEPALIVE.1);
    Ok(TransferServiceClient::new(endpoint.connect_lazy()))
}

fn given<'a, T: Clone + Send + Sync + 'static>(
    arguments: &'a ArgMatches,
    name: &str,
) -> Result<&'a T, Failure> {
    let value = arguments.get_one::<T>(name);
    value.ok_or_else(|| Failure::Usage(format!("{name} is missing")))
}

fn name_of(path: &Path) -> Result<String, Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let no_name = || Failure::Usage(format!("{} has no name that can be sent", path.display()));
    Ok(name.ok_or_else(no_name)?.to_owned())
}

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    Failure::Other(format!("{} cannot be used: {error}", path.display()))
}

fn say(what: &str, name: &str, End { size, sha256 }: &End) -> Outcome {
    let digest: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    print(&format!("{what} {name}, {size} bytes, SHA-256 {digest}"))
}

fn print(line: &str) -> Outcome {
    use io::Write as _;
    let mut out = io::stdout();
    let printed = writeln!(out, "{line}").and_then(|()| out.flush());
    printed.map_err(|error| Failure::Other(format!("cannot print: {error}")))
}

fn on_real_clock<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("no runtime: {error}")))?;
    runtime.block_on(work)
}

/// A file at this path.
struct OnDisk(PathBuf);

impl Source for OnDisk {
    fn version(&self) -> io::Result<Version> {
        let of_file = std::fs::metadata(&self.0)?;
        Ok(Version {
            size: of_file.len(),
            modified: of_file.modified().ok(),
        })
    }

    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        read_at(&self.0, offset, most)
    }
}
