//! The generated code that the primer shows: what the build script makes of a service today.

use std::fs;
use std::path::Path;

use crate::support::snapshot;

/// The attribute with which tonic generates the trait; an implementation needs it, too.
const ATTRIBUTE: &str = "    #[async_trait]\n";

#[test]
fn the_primer_shows_the_trait_that_is_generated() {
    let generated = Path::new(env!("OUT_DIR")).join("greeter.v1.rs");
    let generated = fs::read_to_string(generated).expect("the build script has written it");
    let generated = generated.replace("\r\n", "\n");
    // Generated code is inside a module of its own, so the trait ends at the brace of its column.
    let rest = generated.split_once(ATTRIBUTE);
    let (_, rest) = rest.expect("the trait has the attribute");
    let (body, _) = rest.split_once("\n    }\n").expect("the trait ends");
    let lines = format!("{ATTRIBUTE}{body}\n    }}\n");
    let shown: String = lines
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n")
        .collect();
    snapshot("primer.GreeterService", &shown);
}

/// So the trait above is the primer's as well, and its client can call `lesson01 serve`.
#[test]
fn the_primer_has_the_proto_file_of_lesson_01() {
    let read = |path| fs::read_to_string(path).expect("it is part of the repository");
    assert_eq!(
        read("lessons/primer/proto/greeter.proto"),
        read("proto/greeter/v1/greeter.proto")
    );
}
