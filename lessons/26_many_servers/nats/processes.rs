//! The processes that are started and killed. Dropping one kills it.

use std::error::Error;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Endpoint};
use workbook::proto::forum::forum_service_client::ForumServiceClient;

pub type Done<T> = Result<T, Box<dyn Error>>;

/// How long a process may take to begin.
const BEGINS: Duration = Duration::from_secs(10);

/// A port that is free now.
pub fn free_port() -> Done<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Returns when something listens there.
pub async fn listens(port: u16) -> Done<()> {
    let connects = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(BEGINS, connects).await?;
    Ok(())
}

/// A nats-server with JetStream in a folder of its own.
pub struct Nats {
    port: u16,
    folder: PathBuf,
    child: Child,
}

impl Nats {
    pub async fn start(folder: &Path) -> Done<Self> {
        let (port, folder) = (free_port()?, folder.to_owned());
        let child = Self::begin(port, &folder)?;
        listens(port).await?;
        Ok(Self {
            port,
            folder,
            child,
        })
    }

    fn begin(port: u16, folder: &Path) -> Done<Child> {
        Ok(Command::new("nats-server")
            .args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?)
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// SIGKILL, and after that time it is back with what it has kept.
    pub async fn is_gone_for(&mut self, time: Duration) -> Done<()> {
        self.child.kill().await?;
        sleep(time).await;
        self.child = Self::begin(self.port, &self.folder)?;
        listens(self.port).await
    }
}

/// A server of rooms in a process of its own.
pub struct Server {
    name: String,
    nats: String,
    pub port: u16,
    child: Child,
}

impl Server {
    pub async fn start(nats: &Nats, name: &str) -> Done<Self> {
        let (nats, port) = (nats.url(), free_port()?);
        let child = Self::begin(&nats, name, port).await?;
        let name = name.to_owned();
        Ok(Self {
            name,
            nats,
            port,
            child,
        })
    }

    async fn begin(nats: &str, name: &str, port: u16) -> Done<Child> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", nats, name, &format!("127.0.0.1:{port}")])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child
            .stdout
            .take()
            .ok_or("the server's output is not read")?;
        let mut first = String::new();
        timeout(BEGINS, BufReader::new(stdout).read_line(&mut first)).await??;
        Ok(child)
    }

    /// SIGKILL, and it is back as soon as it can be.
    pub async fn is_killed(&mut self) -> Done<()> {
        self.is_gone().await?;
        self.is_back().await
    }

    /// Begins again, at its old address.
    pub async fn is_back(&mut self) -> Done<()> {
        self.child = Self::begin(&self.nats, &self.name, self.port).await?;
        Ok(())
    }

    /// SIGKILL.
    pub async fn is_gone(&mut self) -> Done<()> {
        Ok(self.child.kill().await?)
    }

    pub fn client(&self) -> Done<ForumServiceClient<Channel>> {
        client(self.port)
    }
}

pub fn client(port: u16) -> Done<ForumServiceClient<Channel>> {
    let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}"))?;
    Ok(ForumServiceClient::new(endpoint.connect_lazy()))
}
