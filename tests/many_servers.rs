//! The engines of lesson 26 do what its suite asks of every engine, and the suite finds one that does not.

use workbook::{Failure, Live, Scene};

macro_rules! engines {
    ($($module:ident $path:literal),*) => {
        #[path = "."]
        mod engines {
            $(
                #[path = $path]
                #[allow(dead_code, reason = "the lesson uses all of it")]
                pub mod $module;
            )*
        }
    };
}

engines! {
    balance "../lessons/26_many_servers/balance.rs",
    broker "../lessons/26_many_servers/broker.rs",
    hub "../lessons/26_many_servers/hub.rs",
    in_process "../lessons/26_many_servers/in_process.rs",
    jitter "../lessons/26_many_servers/jitter.rs",
    lab_broker "../lessons/26_many_servers/lab_broker.rs",
    log "../lessons/26_many_servers/log.rs",
    member "../lessons/26_many_servers/member.rs",
    retry "../lessons/26_many_servers/retry.rs",
    rooms "../lessons/26_many_servers/rooms.rs",
    service "../lessons/26_many_servers/service.rs",
    suite "../lessons/26_many_servers/suite.rs"
}

pub use engines::balance;
use engines::hub::Hub;
use engines::in_process::InProcess;
use engines::jitter::Jitter;
use engines::lab_broker::{self, BROKER, LabBroker};
use engines::member::Member;
use engines::suite::holds;

/// Plays a suite at a host of the lab.
fn in_the_lab<F>(suite: impl Fn(workbook::Network) -> F + Clone + 'static) -> Result<(), Failure>
where
    F: Future<Output = Result<(), String>> + 'static,
{
    let disk = InProcess::default();
    let scene = Scene::with_cast("suite", "what every engine must do")
        .client("servers", move |network| {
            let verdict = suite(network);
            async move { verdict.await.map_err(Failure::Other) }
        })
        .server_at(BROKER, move |network| lab_broker::serve(network, &disk))
        .live(Live::LabOnly("it is a test"));
    scene.record().map(drop)
}

#[test]
fn rooms_of_one_process_pass() {
    let passed = in_the_lab(|_| async {
        let rooms = InProcess::default();
        holds(&rooms, &rooms.clone(), "one").await
    });
    assert!(passed.is_ok(), "{passed:?}");
}

#[test]
fn rooms_of_two_processes_are_found() {
    let passed =
        in_the_lab(|_| async { holds(&InProcess::default(), &InProcess::default(), "two").await });
    let Err(Failure::Other(found)) = passed else {
        panic!("{passed:?}");
    };
    assert_eq!(found, "the sequence is 1, and should be 2");
}

#[test]
fn hubs_over_the_labs_broker_pass() {
    let passed = in_the_lab(|network| async move {
        let hub = || Hub::new(LabBroker::new(&network));
        holds(&hub(), &hub(), "hub").await
    });
    assert!(passed.is_ok(), "{passed:?}");
}

/// A member can be copied: its future is `Send`, and no argument makes it panic.
#[test]
fn a_member_without_a_server_says_so() {
    fn is_send<F: Future + Send>(future: F) -> F {
        future
    }
    let heard = workbook::lab::Lab::new().run(async |_| {
        let mut member = Member::new(Vec::new(), 3, "lobby", 0, Jitter::new(1));
        is_send(async move { member.next().await }).await
    });
    let status = heard.expect_err("there is no server");
    assert_eq!(status.code(), tonic::Code::InvalidArgument);
}
