//! The clients of the fixed version: what each of them does is what the other version's did.

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tracing::{Instrument as _, info};
use workbook::{Failure, Network, Outcome};

use super::fixed::client::{Client, client};
use super::fixed::incoming::Lost;
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

/// Three prices and the end, and a method that there is not.
pub async fn first(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    let mut trades = client.call("price").await.map_err(lost)?;
    while let Some(item) = trades.next().await.map_err(lost)? {
        info!(bytes = item.len(), "an item");
    }
    info!("the end: OK");
    let mut nothing = client.call("nothing").await.map_err(lost)?;
    if let Err(Lost::Failed(code)) = nothing.next().await {
        info!("no such method: {code:?}");
    }
    Ok(())
}

pub async fn parts(network: Network) -> Outcome {
    if let Some(lab) = network.in_lab() {
        lab.link("client", "server").set_latency(LATENCY);
    }
    let (mut client, _tasks) = connected(&network).await?;
    let began = Instant::now();
    let mut report = client.call("report").await.map_err(lost)?;
    let mut price = client.call("price").await.map_err(lost)?;
    info!(step = "asks", "asks for a report of 1 MiB, and for a price");
    let price = async {
        if let Ok(Some(_)) = price.next().await {
            answered("price", began);
        }
    };
    let report = async {
        while let Ok(Some(_)) = report.next().await {}
        answered("report", began);
    };
    futures::join!(price, report);
    Ok(())
}

pub async fn window(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    let prices = client.call("prices").await.map_err(lost)?;
    let mut price = client.call("price").await.map_err(lost)?;
    info!("asks for 1,000 prices, which it does not read, and for one more");
    let began = Instant::now();
    match timeout(PATIENCE, price.next()).await {
        Ok(_) => answered("price", began),
        Err(_) => unanswered(),
    }
    network.sleep(SETTLED).await;
    let unread = prices.unread();
    info!(unread, "{unread} bytes wait in the client's memory");
    Ok(())
}

pub async fn reset(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    let mut ticks = client.call("ticks").await.map_err(lost)?;
    for _ in 0..3 {
        ticks.next().await.map_err(lost)?;
    }
    drop(ticks);
    info!(step = "drops", "has three ticks, and drops the call");
    network.sleep(LEFT).await;
    Ok(())
}

pub async fn end(network: Network) -> Outcome {
    let (mut client, _tasks) = connected(&network).await?;
    for day in 1..=2 {
        let mut trades = client.call("trades").await.map_err(lost)?;
        let mut count = 0;
        let ended = loop {
            match trades.next().await {
                Ok(Some(_)) => count += 1,
                Ok(None) => break "the end, OK".to_owned(),
                Err(lost) => break format!("an error: {lost}"),
            }
        };
        info!(
            trades = count,
            ended, "day {day}: {count} trades, then {ended}"
        );
    }
    Ok(())
}

pub async fn emptied(network: Network) -> Outcome {
    let before = tasks_alive(&network);
    let (mut client, tasks) = connected(&network).await?;
    for _ in 0..CALLS {
        let mut feed = client.call("feed").await.map_err(lost)?;
        feed.next().await.map_err(lost)?;
    }
    network.sleep(SETTLED).await;
    in_table(client.calls());
    drop((client, tasks));
    network.sleep(SETTLED).await;
    alive(&network, before);
    Ok(())
}
