//! JSON's own forms (RFC 8259), written to the end of a text.

use std::fmt::Write as _;

use super::super::values::Value;

/// Something that has a form in JSON.
pub(super) trait ToJson {
    /// Adds that form to `out`.
    fn to_json(&self, out: &mut String);
}

/// An object under way: its keys are written in the order in which they are given.
pub(super) struct Object<'a> {
    out: &'a mut String,
    is_empty: bool,
}

impl<'a> Object<'a> {
    pub(super) fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Self {
            out,
            is_empty: true,
        }
    }

    pub(super) fn with(mut self, key: &str, value: &(impl ToJson + ?Sized)) -> Self {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        key.to_json(self.out);
        self.out.push(':');
        value.to_json(self.out);
        self
    }

    pub(super) fn with_some(self, key: &str, value: Option<&impl ToJson>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub(super) fn end(self) {
        self.out.push('}');
    }
}

/// A form that is written in place, where a type for it would have no other use.
pub(super) struct By<F>(pub F);

impl<F: Fn(&mut String)> ToJson for By<F> {
    fn to_json(&self, out: &mut String) {
        (self.0)(out);
    }
}

impl ToJson for str {
    fn to_json(&self, out: &mut String) {
        let is_special = |c: char| c < ' ' || c == '"' || c == '\\';
        out.push('"');
        let mut rest = self;
        while let Some(at) = rest.find(is_special) {
            let (plain, special) = rest.split_at(at);
            out.push_str(plain);
            let mut special = special.chars();
            match special.next() {
                Some('"') => out.push_str("\\\""),
                Some('\\') => out.push_str("\\\\"),
                Some('\n') => out.push_str("\\n"),
                Some('\r') => out.push_str("\\r"),
                Some('\t') => out.push_str("\\t"),
                Some(control) => push(out, format_args!("\\u{:04x}", u32::from(control))),
                None => {}
            }
            rest = special.as_str();
        }
        out.push_str(rest);
        out.push('"');
    }
}

impl ToJson for String {
    fn to_json(&self, out: &mut String) {
        self.as_str().to_json(out);
    }
}

impl ToJson for f64 {
    fn to_json(&self, out: &mut String) {
        // JSON has no word for infinity.
        if self.is_finite() {
            push(out, format_args!("{self:?}"));
        } else {
            out.push_str("null");
        }
    }
}

macro_rules! as_displayed {
    ($($kind:ty)*) => {$(
        impl ToJson for $kind {
            fn to_json(&self, out: &mut String) {
                push(out, format_args!("{self}"));
            }
        }
    )*};
}

as_displayed!(bool u8 u16 u32 u64 usize i64 Value);

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, out: &mut String) {
        out.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            item.to_json(out);
        }
        out.push(']');
    }
}

impl<T: ToJson, U: ToJson> ToJson for (T, U) {
    fn to_json(&self, out: &mut String) {
        out.push('[');
        self.0.to_json(out);
        out.push(',');
        self.1.to_json(out);
        out.push(']');
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, out: &mut String) {
        match self {
            Some(value) => value.to_json(out),
            None => out.push_str("null"),
        }
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
