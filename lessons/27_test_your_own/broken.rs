//! A test that passes for a server that leaks.

use workbook::lab::Lab;

use super::asks::{A_MOMENT, Client, ask};
use super::promise::TestResult;

// ANCHOR: passes
/// Wrong: all that it looks at belongs to the call. The call is over, because this test has dropped it.
pub async fn ends_with_its_client(lab: &Lab, client: &mut Client) -> TestResult {
    let mut points = client.list(ask("endless", 0)).await?.into_inner();
    points.message().await?.ok_or("no point came")?;
    drop(points);
    lab.sleep(A_MOMENT).await;
    if !lab.open_calls().is_empty() {
        Err("the call is still open")?;
    }
    let alive = lab.meter().census();
    if alive.handlers > 0 || alive.streams > 0 {
        Err("the server still has the call")?;
    }
    // The server is well: it answers the next call.
    client.list(ask("one", 1)).await?;
    Ok(())
}
// ANCHOR_END: passes
