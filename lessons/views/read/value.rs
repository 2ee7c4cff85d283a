//! JSON values of which a form is expected.

use serde_json::{Map, Value};
use streaming_lab::run::Fields;

/// What is wrong with a line.
pub(super) type Unreadable = String;

/// An object, with its keys.
pub(super) struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Unreadable> {
        let object = value.as_object();
        object
            .map(Self)
            .ok_or_else(|| format!("{value} is no object"))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Result<&'a Value, Unreadable> {
        self.0.get(key).ok_or_else(|| format!("{key:?} is missing"))
    }

    pub(super) fn text(&self, key: &str) -> Result<&'a str, Unreadable> {
        text(self.get(key)?)
    }

    pub(super) fn number<T: TryFrom<i64>>(&self, key: &str) -> Result<T, Unreadable> {
        number(self.get(key)?)
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, Unreadable> {
        let value = self.get(key)?;
        value
            .as_bool()
            .ok_or_else(|| format!("{value} is neither true nor false"))
    }

    pub(super) fn object(&self, key: &str) -> Result<Self, Unreadable> {
        Self::of(self.get(key)?)
    }

    pub(super) fn list(&self, key: &str) -> Result<&'a [Value], Unreadable> {
        list(self.get(key)?)
    }

    pub(super) fn fields(&self) -> Fields {
        let fields = self.0.iter();
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

pub(super) fn text(value: &Value) -> Result<&str, Unreadable> {
    value.as_str().ok_or_else(|| format!("{value} is no text"))
}

pub(super) fn number<T: TryFrom<i64>>(value: &Value) -> Result<T, Unreadable> {
    let number = value.as_i64().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| format!("{value} is no number of this kind"))
}

pub(super) fn list(value: &Value) -> Result<&[Value], Unreadable> {
    let list = value.as_array();
    list.map(Vec::as_slice)
        .ok_or_else(|| format!("{value} is no list"))
}

/// Both of a list of two.
pub(super) fn pair(value: &Value) -> Result<(&Value, &Value), Unreadable> {
    match list(value)? {
        [first, second] => Ok((first, second)),
        _ => Err(format!("{value} is no list of two")),
    }
}

/// One of several forms: its name, alone or as the only key of an object.
pub(super) fn variant(value: &Value) -> Result<(&str, &Value), Unreadable> {
    if let Some(name) = value.as_str() {
        return Ok((name, &Value::Null));
    }
    let only = value
        .as_object()
        .filter(|object| object.len() == 1)
        .and_then(|object| object.iter().next());
    only.map(|(name, value)| (name.as_str(), value))
        .ok_or_else(|| format!("{value} has no name"))
}
