//! Subscribers of prices: the newest of each symbol, and each symbol in its turn.

use workbook::grade::Check;

use super::direct::{self, brings_prices, is_quiet, price, publish_prices};
use super::{KEPT, SECOND, Subject};

/// The check, with what is expected of prices.
pub fn check(check: Check, hub: Subject) -> Check {
    check
        .expects("gives each price as it is published, and none twice")
        .hint("How does a subscriber know which prices it has been given?")
        .plays(async move |_| {
            let hub = hub(KEPT);
            let mut prices = hub.prices();
            for number in 1..=20 {
                for symbol in ["ACME", "BETA"] {
                    publish_prices(&*hub, symbol, number..=number).await?;
                    brings_prices(&mut prices, [price(symbol, number)]).await?;
                    is_quiet(&mut prices).await?;
                }
            }
            Ok(())
        })
        .expects("takes the price that was published last for the newest, whatever is in it")
        .hint("Which two prices does your code compare, and what if they are equal?")
        .each(
            [("an earlier timestamp", 4), ("the same price again", 5)],
            async move |_, number| {
                let hub = hub(KEPT);
                let mut prices = hub.prices();
                for number in [5, number] {
                    publish_prices(&*hub, "ACME", number..=number).await?;
                    brings_prices(&mut prices, [price("ACME", number)]).await?;
                }
                is_quiet(&mut prices).await
            },
        )
        .expects("gives a slow subscriber the newest price of each symbol, and no older one")
        .hint("What has to be kept of a price when a newer one of its symbol comes?")
        .each(
            [
                ("two prices a symbol", 2),
                ("10,000 prices a symbol", 10_000),
            ],
            async move |_, newest| {
                let hub = hub(KEPT);
                let mut slow = hub.prices();
                for symbol in ["ACME", "BETA", "COCO"] {
                    publish_prices(&*hub, symbol, 1..=newest).await?;
                }
                for prices in [&mut slow, &mut hub.prices()] {
                    let due = ["ACME", "BETA", "COCO"].map(|symbol| price(symbol, newest));
                    brings_prices(prices, due).await?;
                    is_quiet(prices).await?;
                }
                Ok(())
            },
        )
        .expects("gives the newest price to a subscriber that reads a second after it was replaced")
        .hint("Where is a price between the moment in which your code takes it and the moment in which it is asked for?")
        .plays(async move |lab| {
            let hub = hub(KEPT);
            let mut prices = hub.prices();
            for number in 1..=3 {
                publish_prices(&*hub, "ACME", number..=number).await?;
                lab.sleep(SECOND).await;
            }
            brings_prices(&mut prices, [price("ACME", 3)]).await?;
            is_quiet(&mut prices).await
        })
        .expects("gives the newest price of a symbol, also if it came after another symbol was read")
        .hint("How many prices does your code take when one is asked for?")
        .plays(async move |_| direct::replaced_between_two_reads(&*hub(KEPT)).await)
        .expects("gives each symbol its turn, if all of them change between two reads")
        .hint("Which symbol does your code look at first, each time?")
        .plays(async move |_| direct::takes_turns(&*hub(KEPT)).await)
}
