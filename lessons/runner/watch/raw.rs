//! The terminal's raw mode, and the way back out of it.

use std::io;
use std::panic;
use std::sync::Once;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Keys come one by one and unseen while this lives. The terminal is as before when it is dropped,
/// and before a panic prints anything.
#[derive(Debug)]
pub struct RawMode(());

impl RawMode {
    /// Begins it.
    ///
    /// # Errors
    /// When standard input is no terminal, or one that has no such mode.
    pub fn begin() -> io::Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let print = panic::take_hook();
            panic::set_hook(Box::new(move |panic| {
                // If this fails, the message is at least printed, in stairs.
                let _ = disable_raw_mode();
                print(panic);
            }));
        });
        enable_raw_mode()?;
        Ok(Self(()))
    }
}

/// Gives the terminal back to the shell, until that hands it over again (`fg`).
#[cfg(unix)]
pub(super) fn suspend() -> io::Result<()> {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    disable_raw_mode()?;
    // The whole group: the shell waits for cargo, which has started this program.
    kill(Pid::from_raw(0), Signal::SIGTSTP)?;
    enable_raw_mode()
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // There is no better moment to try again.
        let _ = disable_raw_mode();
    }
}
