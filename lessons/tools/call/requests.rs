//! The messages to send, from JSON.

use std::io::Read;

use prost_reflect::{DynamicMessage, MessageDescriptor};
use serde_json::{Deserializer, Value};

/// One JSON value after the other, each a message of this kind.
pub(super) fn requests(
    data: impl Read,
    kind: MessageDescriptor,
) -> impl Iterator<Item = Result<DynamicMessage, String>> {
    let values = Deserializer::from_reader(data).into_iter::<Value>();
    values.map(move |value| {
        let value = value.map_err(|error| {
            if error.is_eof() {
                "unexpected EOF".to_owned()
            } else {
                error.to_string()
            }
        })?;
        message(&kind, value)
    })
}

fn message(kind: &MessageDescriptor, value: Value) -> Result<DynamicMessage, String> {
    let known = |name: &String| {
        kind.get_field_by_json_name(name)
            .or_else(|| kind.get_field_by_name(name))
            .is_some()
    };
    if let Some(unknown) = value
        .as_object()
        .and_then(|object| object.keys().find(|name| !known(name)))
    {
        return Err(format!(
            "message type {} has no known field named {unknown}",
            kind.full_name()
        ));
    }
    DynamicMessage::deserialize(kind.clone(), value).map_err(|error| error.to_string())
}
