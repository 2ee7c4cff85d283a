//! nginx and haproxy, started with the configurations beside this file.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const NGINX: &str = include_str!("nginx.conf");
const HAPROXY: &str = include_str!("haproxy.cfg");

/// How long a program may take until it listens.
const STARTS_WITHIN: Duration = Duration::from_secs(10);
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// Ports by the words that stand for them in the configurations.
#[derive(Clone, Default)]
pub struct Ports(BTreeMap<String, u16>);

impl Ports {
    /// A free port for each word in the configurations, but for those that are known.
    pub fn free(known: &[(&str, u16)]) -> io::Result<Self> {
        let mut ports: BTreeMap<String, u16> = known
            .iter()
            .map(|(word, port)| ((*word).to_owned(), *port))
            .collect();
        // All are held until each has one, so that none is given twice.
        let mut held = Vec::new();
        for word in words(NGINX).chain(words(HAPROXY)) {
            if !ports.contains_key(word) {
                let listener = TcpListener::bind(("127.0.0.1", 0))?;
                ports.insert(word.to_owned(), listener.local_addr()?.port());
                held.push(listener);
            }
        }
        Ok(Self(ports))
    }

    pub fn of(&self, word: &str) -> u16 {
        *self
            .0
            .get(word)
            .unwrap_or_else(|| panic!("no configuration has {{{word}}}"))
    }

    fn fill(&self, configuration: &str) -> String {
        self.0
            .iter()
            .fold(configuration.to_owned(), |filled, (word, port)| {
                filled.replace(&format!("{{{word}}}"), &port.to_string())
            })
    }
}

/// The words in braces.
fn words(configuration: &str) -> impl Iterator<Item = &str> {
    let after_braces = configuration.split('{').skip(1);
    after_braces.filter_map(|rest| {
        let (word, _) = rest.split_once('}')?;
        let is_word = !word.is_empty()
            && word
                .chars()
                .all(|one| one.is_ascii_lowercase() || one == '_');
        is_word.then_some(word)
    })
}

/// A program that is ended with this.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An Err means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Both proxies, in a folder for what they write.
pub struct Proxies {
    folder: PathBuf,
    pub nginx: Running,
    pub haproxy: Running,
}

impl Proxies {
    pub async fn start(folder: &Path, ports: &Ports) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("nginx.conf"), ports.fill(NGINX))?;
        fs::write(folder.join("haproxy.cfg"), ports.fill(HAPROXY))?;
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(folder)
            .args(["-e", "error.log", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .spawn()?;
        let nginx = Running(nginx);
        let proxies = Self {
            folder: folder.to_owned(),
            nginx,
            haproxy: haproxy(folder, &[])?,
        };
        listens(ports.of("nginx_refused")).await?;
        listens(ports.of("haproxy_refused")).await?;
        Ok(proxies)
    }

    /// Has nginx read its configuration again: new workers, and the old ones finish their calls.
    pub fn reload_nginx(&self) -> io::Result<()> {
        signal("-HUP", self.nginx.0.id())
    }

    /// Starts a new haproxy, which tells the old one to finish its calls.
    pub fn reload_haproxy(&mut self) -> io::Result<Running> {
        let old = self.haproxy.0.id().to_string();
        let new = haproxy(&self.folder, &["-sf", &old])?;
        Ok(std::mem::replace(&mut self.haproxy, new))
    }
}

impl Drop for Proxies {
    fn drop(&mut self) {
        // nginx ends its workers at this signal; killed, it would leave them.
        if signal("-TERM", self.nginx.0.id()).is_ok() {
            let _ = self.nginx.0.wait();
        }
    }
}

fn haproxy(folder: &Path, more: &[&str]) -> io::Result<Running> {
    let child = Command::new("haproxy")
        .arg("-db")
        .arg("-f")
        .arg(folder.join("haproxy.cfg"))
        .args(more)
        .stdin(Stdio::null())
        .stderr(fs::File::create(folder.join("haproxy.log"))?)
        .spawn()?;
    Ok(Running(child))
}

fn signal(which: &str, process: u32) -> io::Result<()> {
    let status = Command::new("kill")
        .args([which, &process.to_string()])
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "kill {which} {process}: {status}"
    )))
}

/// Waits until something listens at that port.
pub async fn listens(port: u16) -> io::Result<()> {
    let connected = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(LOOKS_EVERY).await;
        }
    };
    timeout(STARTS_WITHIN, connected)
        .await
        .map_err(|_| io::Error::other(format!("nothing listens at port {port}")))
}

/// The version that a program says it has: its first word that begins with a digit, behind a `/` or not.
pub fn version(program: &str, option: &str) -> io::Result<String> {
    let output = Command::new(program).arg(option).output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let numbers = said
        .split([' ', '/', '\n'])
        .find(|word| word.starts_with(|one: char| one.is_ascii_digit()));
    // Without what a distribution adds to it.
    let number = numbers.and_then(|word| word.split('-').next());
    number
        .map(str::to_owned)
        .ok_or_else(|| io::Error::other(format!("{program} {option} says {said:?}")))
}
