//! A pseudo-terminal with a program in it, and what its screen shows.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// A limit, not a wait: a build on a busy machine takes this long at the very most.
const PATIENCE: Duration = Duration::from_secs(120);

/// Rows and columns, where a test does not ask for others.
const SIZE: (u16, u16) = (40, 80);

/// The terminal. Its program is ended when this is dropped.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal's state can be asked for when its program has gone.
    _slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    modes: String,
}

impl Terminal {
    /// Starts the program in a terminal of its own.
    pub fn run(
        program: &str,
        words: &[&str],
        environment: Vec<(&'static str, Option<PathBuf>)>,
    ) -> Self {
        Self::of_size(SIZE, program, words, environment)
    }

    /// The same with that many rows and columns.
    pub fn of_size(
        (rows, columns): (u16, u16),
        program: &str,
        words: &[&str],
        environment: Vec<(&'static str, Option<PathBuf>)>,
    ) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(program);
        command.args(words);
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).expect("it can be run");
        let mut reader = pair.master.try_clone_reader().expect("it can be read");
        let keys = pair.master.take_writer().expect("it can be typed at");
        let (sender, output) = channel();
        // Ends with the terminal, or with the test.
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            master: pair.master,
            _slave: pair.slave,
            child,
            keys,
            output,
            screen: vt100::Parser::new(rows, columns, 0),
            modes,
        }
    }

    /// Types at the program.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
        self.keys.flush().expect("it listens");
    }

    /// Asks the program to end, as a system does that shuts down.
    pub fn terminate(&self) {
        let id = self.child.process_id().expect("it runs").to_string();
        let killed = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
        assert!(
            killed.is_ok_and(|status| status.success()),
            "kill -TERM {id}"
        );
    }

    /// What the screen shows, once it shows all of `words` and none of `without`.
    pub fn shows(&mut self, words: &[&str], without: &[&str]) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen.screen().contents();
            let all = words.iter().all(|words| screen.contains(words));
            if all && !without.iter().any(|words| screen.contains(words)) {
                return screen;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("{words:?} without {without:?} never came:\n{screen}")
                }
            }
        }
    }

    /// What the screen shows, with the codes for its colours.
    pub fn coloured(&self) -> String {
        String::from_utf8(self.screen.screen().contents_formatted()).expect("it shows UTF-8")
    }

    /// Waits for the program to end by itself, and sees that the terminal is as it was. Returns
    /// the exit code.
    pub fn ended(mut self) -> u32 {
        let code = self.child.wait().expect("it ends").exit_code();
        assert_eq!(modes(&*self.master), self.modes, "the terminal's modes");
        assert!(!self.screen.screen().alternate_screen());
        assert!(!self.screen.screen().hide_cursor());
        code
    }
}

/// Echo, lines, signals: what `stty -a` prints.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("it is a terminal"))
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
    }
}
