//! How often a thread goes to sleep, on both sides together. The kernel counts it, so other work on the machine
//! changes it less than a rate.

use std::error::Error;
use std::fs;

use crate::messages::Sample;
use crate::target::Target;
use crate::ways::{Way, way};

/// The same way, but a sample is how often a thread goes to sleep for each of its messages.
pub fn counted(Way { name, run }: Way, server: &Target, count: i32) -> Way {
    let server = server.process_id();
    way(name, move || {
        let running = run();
        async move {
            let before = sleeps(server)?;
            running.await?;
            let after = sleeps(server)?;
            Ok((after - before) / f64::from(count))
        }
    })
}

/// How often the threads of this process and of the server have gone to sleep so far.
fn sleeps(server: Option<u32>) -> Sample {
    let server = server.ok_or("the server is no process of ours")?;
    Ok(of_process(std::process::id())? + of_process(server)?)
}

fn of_process(id: u32) -> Result<f64, Box<dyn Error>> {
    const NAME: &str = "voluntary_ctxt_switches:";
    let threads = fs::read_dir(format!("/proc/{id}/task"))
        .map_err(|_| "not measured: it is read from /proc, which Linux has")?;
    let mut sum = 0.0;
    for thread in threads {
        // A thread may end meanwhile.
        let Ok(status) = fs::read_to_string(thread?.path().join("status")) else {
            continue;
        };
        let line = status.lines().find_map(|line| line.strip_prefix(NAME));
        let count: f64 = line.ok_or("a thread has no count")?.trim().parse()?;
        sum += count;
    }
    Ok(sum)
}
