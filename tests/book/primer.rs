//! The generated code that the primer shows: what the build script makes of a service today.

use std::fs;
use std::path::Path;

use crate::support::snapshot;

#[test]
fn the_primer_shows_the_trait_that_is_generated() {
    let generated = Path::new(env!("OUT_DIR")).join("greeter.v1.rs");
    let generated = fs::read_to_string(generated).expect("the build script has written it");
    let generated = generated.replace("\r\n", "\n");
    // Generated code is inside a module of its own, so the trait ends at the brace of its column.
    let rest = generated.split_once("pub trait GreeterService");
    let (_, rest) = rest.expect("the service has a trait");
    let (body, _) = rest.split_once("\n    }\n").expect("the trait ends");
    let lines = format!("    pub trait GreeterService{body}\n    }}\n");
    let shown: String = lines
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n")
        .collect();
    snapshot("primer.GreeterService", &shown);
}
