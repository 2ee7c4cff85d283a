//! What is measured: a server in a process of its own, or one that runs elsewhere.

use std::error::Error;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper_util::rt::TokioIo;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tonic::transport::{Channel, Endpoint};

use crate::counted::Counted;

/// A server.
pub struct Target {
    pub name: String,
    address: String,
    /// Its port without TCP_NODELAY, if it has one.
    without_nodelay: Option<String>,
    /// Ended when this is dropped. Tonic's own server also ends with its standard input.
    process: Option<Child>,
}

impl Target {
    /// tonic's server, in a new process of this program.
    pub async fn tonic() -> Result<Self, Box<dyn Error>> {
        Self::tonic_with(&[]).await
    }

    /// The same, with words of `server.rs`.
    pub async fn tonic_with(words: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(crate::SERVE).args(words);
        let (process, line) = started(command).await?;
        let (address, plain) = line.split_once(' ').ok_or("the server named no address")?;
        Ok(Self {
            name: "tonic".to_owned(),
            address: address.to_owned(),
            without_nodelay: Some(plain.to_owned()),
            process: Some(process),
        })
    }

    /// A server in another language, which prints its address first.
    pub async fn peer(name: &str, command: Command) -> Result<Self, Box<dyn Error>> {
        let (process, address) = started(command).await?;
        Ok(Self {
            name: name.to_owned(),
            address,
            without_nodelay: None,
            process: Some(process),
        })
    }

    /// A program in front of a server, which has said where it listens.
    pub fn of(name: &str, address: &str, process: Child) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            without_nodelay: None,
            process: Some(process),
        }
    }

    /// A server that runs already.
    pub fn at(address: &str) -> Self {
        Self {
            name: address.to_owned(),
            address: address.to_owned(),
            without_nodelay: None,
            process: None,
        }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().and_then(Child::id)
    }

    /// A new connection, with tonic's own settings.
    pub async fn channel(&self) -> Result<Channel, Box<dyn Error>> {
        connect(&self.address).await
    }

    /// The same to the port without TCP_NODELAY.
    pub async fn channel_without_nodelay(&self) -> Result<Channel, Box<dyn Error>> {
        let address = self.without_nodelay.as_ref();
        connect(address.ok_or("only tonic's server has that port")?).await
    }

    /// A connection that counts the bytes that it reads.
    pub async fn counted(&self) -> Result<(Channel, Arc<AtomicU64>), Box<dyn Error>> {
        let read = Arc::<AtomicU64>::default();
        let (counter, address) = (Arc::clone(&read), self.address.clone());
        let connector = tower::service_fn(move |_| {
            let (counter, address) = (Arc::clone(&counter), address.clone());
            async move {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok::<_, std::io::Error>(TokioIo::new(Counted::new(stream, counter)))
            }
        });
        let endpoint = Endpoint::from_shared(format!("http://{}", self.address))?;
        let channel = endpoint.connect_with_connector(connector).await?;
        read.store(0, Ordering::Relaxed);
        Ok((channel, read))
    }
}

pub async fn connect(address: &str) -> Result<Channel, Box<dyn Error>> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    let failed = |error| format!("no server answers at {address}: {error}");
    Ok(endpoint.connect().await.map_err(failed)?)
}

/// Starts a program, and reads the first line that it prints.
pub async fn started(mut command: Command) -> Result<(Child, String), Box<dyn Error>> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    let output = child.stdout.take().ok_or("no standard output")?;
    let line = BufReader::new(output).lines().next_line().await?;
    let line = line.ok_or("the program has ended before it printed a line")?;
    Ok((child, line))
}
