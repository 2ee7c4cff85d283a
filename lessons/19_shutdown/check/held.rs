//! What clients hold when the signal comes.

use std::any::Any;

use tokio::time::sleep;
use workbook::grade::{AN_INSTANT, Finding};
use workbook::lab::{CLIENT, Lab, SERVER};

use super::peers::Client;

/// What a client holds when the signal comes.
#[derive(Debug, Clone, Copy)]
pub enum Held {
    Nothing,
    Idle,
    Stream,
    Greeting(&'static str),
    Upload(&'static str),
    /// A stream whose client does not read.
    Unread,
    /// A stream whose connection breaks.
    Broken,
    /// A stream whose client cannot be reached.
    Vanished,
    /// A stream whose client is reached, and whose answers are lost.
    Unheard,
    /// A connection without a byte.
    Silent,
}

impl Held {
    /// Held until it is dropped.
    pub async fn by(self, lab: &Lab) -> Result<Box<dyn Any>, Finding> {
        if let Self::Nothing = self {
            // The server has to listen before it is asked to end.
            sleep(AN_INSTANT).await;
            return Ok(Box::new(()));
        }
        if let Self::Silent = self {
            return Ok(Box::new(lab.host(CLIENT).connect(SERVER).await?));
        }
        let client = Client::connects(lab).await?;
        let held: Box<dyn Any> = match self {
            Self::Stream => Box::new(client.subscribes("quiet").await?),
            Self::Greeting(takes) => Box::new(client.greeting(takes)),
            Self::Upload(takes) => Box::new(client.uploading(takes)),
            Self::Unread => Box::new(client.subscribes("busy").await?),
            Self::Broken | Self::Vanished | Self::Unheard => {
                let prices = client.subscribes("quiet").await?;
                match self {
                    Self::Broken => lab.cut(),
                    Self::Vanished => lab.partition(),
                    _ => lab.link(CLIENT, SERVER).partition_oneway(CLIENT),
                }
                Box::new(prices)
            }
            // A connection that has had a call, and has none.
            _ => Box::new(client.subscribes("three").await?.brings(1..=3).await?),
        };
        sleep(AN_INSTANT).await;
        Ok(Box::new((client, held)))
    }
}
