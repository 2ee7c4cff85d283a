//! The clients of the faulty version.

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tracing::{Instrument as _, info};
use workbook::{Failure, Network, Outcome};

use super::broken::client::{Client, client};
use super::lines::{alive, answered, in_table, lost, tasks_alive, unanswered};
use super::times::{CALLS, LATENCY, LEFT, PATIENCE, SETTLED};

/// A client, and the task of its connection, which ends when this is dropped.
async fn connected(network: &Network) -> Result<(Client, JoinSet<()>), Failure> {
    let stream = network.connect("server").await.map_err(lost)?;
    let (client, connection) = client(stream);
    let mut tasks = JoinSet::new();
    tasks.spawn(connection.in_current_span());
    Ok((client, tasks))
}

/// A large answer, and a small one behind it.
pub async fn large(network: Network) -> Outcome {
    if let Some(lab) = network.in_lab() {
        lab.link("client", "server").set_latency(LATENCY);
    }
    let (mut client, _tasks) = connected(&network).await?;
    let began = Instant::now();
    let mut report = client.call("report").await.map_err(lost)?;
    let mut price = client.call("price").await.map_err(lost)?;
    info!(step = "asks", "asks for a report of 1 MiB, and for a price");
    let price = async {
        if price.recv().await.is_some() {
            answered("price", began);
        }
    };
    let report = async {
        while report.recv().await.is_some() {}
        answered("report", began);
    };
    futures::join!(price, report);
    Ok(())
}

/// A call that is not read, with a bounded queue.
pub async fn unread(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    let _prices = client.call("prices").await.map_err(lost)?;
    let mut price = client.call("price").await.map_err(lost)?;
    info!("asks for 1,000 prices, which it does not read, and for one more");
    let began = Instant::now();
    match timeout(PATIENCE, price.recv()).await {
        Ok(_) => answered("price", began),
        Err(_) => unanswered(),
    }
    Ok(())
}

/// The same with a queue that takes all that comes.
pub async fn unbounded(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    let prices = client.call_unbounded("prices").await.map_err(lost)?;
    let mut price = client.call("price").await.map_err(lost)?;
    info!("asks for 1,000 prices, which it does not read, and for one more");
    let began = Instant::now();
    if price.recv().await.is_some() {
        answered("price", began);
    }
    network.sleep(SETTLED).await;
    let queued = prices.len();
    info!(queued, "{queued} prices wait in the client's memory");
    Ok(())
}

/// A call whose reader leaves.
pub async fn dropped(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    let mut ticks = client.call("ticks").await.map_err(lost)?;
    for _ in 0..3 {
        ticks.recv().await;
    }
    drop(ticks);
    info!(step = "drops", "has three ticks, and drops the call");
    network.sleep(LEFT).await;
    Ok(())
}

/// Two days of trades, and a crash in the second.
pub async fn cut(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    for day in 1..=2 {
        let mut trades = client.call("trades").await.map_err(lost)?;
        let mut count = 0;
        while trades.recv().await.is_some() {
            count += 1;
        }
        info!(trades = count, "day {day}: {count} trades, then None");
    }
    Ok(())
}

/// Many calls whose readers leave.
pub async fn leak(network: Network) -> Outcome {
    let before = tasks_alive(&network);
    let (mut client, tasks) = connected(&network).await?;
    for _ in 0..CALLS {
        let mut feed = client.call("feed").await.map_err(lost)?;
        feed.recv().await;
    }
    network.sleep(SETTLED).await;
    in_table(client.calls());
    drop((client, tasks));
    network.sleep(SETTLED).await;
    alive(&network, before);
    Ok(())
}
