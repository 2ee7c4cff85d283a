//! A run as `--json` prints it.

use std::io;
use std::sync::{Arc, Mutex};

use workbook::run::{Json, Run, View as _};

/// What `--json` prints of a run.
pub fn json(run: &Run) -> String {
    let written = Written::default();
    let mut json = Json::new(written.clone());
    for scene in &run.scenes {
        json.begin(&scene.head);
        for event in &scene.events {
            json.event(event);
        }
        json.end();
    }
    let bytes = written
        .0
        .lock()
        .expect("no test panics while it writes")
        .clone();
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// What has been written, for the test that owns a clone.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().expect("no test panics while it writes");
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
