//! Grades the exercise: the replies and statuses that clients of the greeter receive.

#[path = "check/peers.rs"]
mod peers;

use futures::future::try_join_all;
use tonic::service::Routes;
use workbook::grade::{Check, ended, ensure};

use peers::Caller;

/// The exercise: a service that greets.
pub type Subject = fn() -> Routes;

/// Far beyond 64 KiB, the default of an HTTP/2 window, and far below tonic's limit for a message.
const LONG: usize = 256 * 1024;

/// What a person sees as nothing. Outside of ASCII: next line, no-break space, em space, line
/// separator, ideographic space.
const BLANK: [&str; 10] = [
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u{b}\u{c}",
    "\u{85}",
    "\u{a0}",
    "\u{2003}",
    "\u{2028}",
    " \t\u{3000}",
];

pub fn check(greeter: Subject) -> Check {
    Check::new()
        .expects("greets by name")
        .hint("The reply's message is \"Hi, \", the name as it came, and \"!\".")
        .plays(async move |lab| {
            let caller = Caller::connect(&lab, greeter).await?;
            for name in [
                "Ada",
                "Zoë",
                "Grace Hopper",
                "Å",
                "李",
                "0",
                "null",
                "name",
                "{name}",
            ] {
                caller.is_greeted_as(name).await?;
            }
            // Wherever a log or a limit cuts: every place is inside a character of one of the two.
            for name in ["я".repeat(LONG / 2), format!("x{}", "я".repeat(200))] {
                caller.is_greeted_as(&name).await?;
            }
            caller.is_greeted_as(&"a".repeat(LONG)).await
        })
        .expects("greets with the name unchanged, white space around it included")
        .hint("Whether a name is blank is one question, and how it is spelled another.")
        .plays(async move |lab| {
            let caller = Caller::connect(&lab, greeter).await?;
            for name in [
                " Ada",
                "Ada ",
                "\tAda\n",
                "Ada  Lovelace",
                "ADA",
                "e\u{301}",
            ] {
                caller.is_greeted_as(name).await?;
            }
            Ok(())
        })
        .expects("an empty name ends the call with InvalidArgument")
        .hint("Which code means that the request itself is wrong, so that a retry cannot help?")
        .plays(async move |lab| {
            let caller = Caller::connect(&lab, greeter).await?;
            caller.is_refused("").await.map(drop)
        })
        .expects("a name of white space is refused like an empty one")
        .hint("`str` has a method that removes white space from both ends.")
        .plays(async move |lab| {
            let caller = Caller::connect(&lab, greeter).await?;
            for name in BLANK {
                caller.is_refused(name).await?;
            }
            caller.is_refused(&" ".repeat(LONG)).await.map(drop)
        })
        .expects("the status message says which field is wrong")
        .hint(
            "The message ends up in the caller's log, and has to explain itself there. The field \
             is called \"name\".",
        )
        .each(
            [("an empty name", ""), ("a name of white space", " ")],
            async move |lab, name| {
                let caller = Caller::connect(&lab, greeter).await?;
                let status = caller.fails(name).await?;
                let mut words = status
                    .message()
                    .split(|c: char| !c.is_alphanumeric() && c != '_');
                ensure(words.any(|word| word.eq_ignore_ascii_case("name")), || {
                    format!("the status message is {:?}", status.message())
                })
            },
        )
        .expects("still greets the next caller after a refusal")
        .hint("One caller's mistake must not affect the next call.")
        .plays(async move |lab| {
            let caller = Caller::connect(&lab, greeter).await?;
            for name in ["Ada", "Grace"] {
                // Other expectations grade how the refused call ends.
                let _ = caller.say_hi("").await;
                ended(&caller.say_hi(name).await).well()?;
            }
            Ok(())
        })
        .expects("answers many callers at the same time, each by its own name")
        .hint("What do two calls share, and can one of them see the other's name?")
        .plays(async move |lab| {
            let caller = Caller::connect(&lab, greeter).await?;
            let names: Vec<String> = (1..=20).map(|number| format!("Ada {number}")).collect();
            let all = names.iter().map(|name| caller.is_greeted_as(name));
            try_join_all(all).await.map(drop)
        })
}
