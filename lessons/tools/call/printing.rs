//! A message as grpcurl prints it: as JSON, with numbers as Go writes them.

use std::io::{self, Write};

use prost_reflect::{DynamicMessage, SerializeOptions};
use serde_json::ser::{Formatter, PrettyFormatter};

/// Two spaces deep, 64-bit numbers as strings, bytes as base64, zeros left out.
pub fn json(message: &DynamicMessage, emit_defaults: bool) -> Result<String, String> {
    let mut text = Vec::new();
    let mut pretty = serde_json::Serializer::with_formatter(&mut text, Go::default());
    let options = SerializeOptions::new().skip_default_fields(!emit_defaults);
    message
        .serialize_with_options(&mut pretty, &options)
        .map_err(|error| error.to_string())?;
    String::from_utf8(text).map_err(|error| error.to_string())
}

/// How Go's JSON writes a float: 100 and not 100.0, and an exponent only for the very large and the very small.
fn float(value: f64, shortest: String, scientific: String) -> String {
    if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        return shortest;
    }
    match scientific.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => scientific,
    }
}

/// serde_json's own layout, but for the floats.
#[derive(Default)]
struct Go(PrettyFormatter<'static>);

impl Formatter for Go {
    fn write_f32<W: ?Sized + Write>(&mut self, to: &mut W, value: f32) -> io::Result<()> {
        let text = float(value.into(), value.to_string(), format!("{value:e}"));
        to.write_all(text.as_bytes())
    }

    fn write_f64<W: ?Sized + Write>(&mut self, to: &mut W, value: f64) -> io::Result<()> {
        let text = float(value, value.to_string(), format!("{value:e}"));
        to.write_all(text.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
    }
}
