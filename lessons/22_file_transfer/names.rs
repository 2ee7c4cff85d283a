//! Which names a client may give: plain ones, on every system.

/// The longest name, in bytes. File systems in use accept at least 255, and `.part` is added.
const MAX_NAME: usize = 200;

/// Accepts names that stay inside a folder on Linux, macOS and Windows. The same rule as lesson 06's.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
    const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];
    if name.is_empty() {
        return Err("must not be empty");
    }
    if name.len() > MAX_NAME {
        return Err("is longer than 200 bytes");
    }
    if name.starts_with('.') || name.ends_with(['.', ' ']) {
        return Err("must not begin with a dot, or end with a dot or a space");
    }
    if name
        .chars()
        .any(|c| c.is_control() || "/\\:<>\"|?*".contains(c))
    {
        return Err("must be a plain name, without / or \\ or other signs that systems reserve");
    }
    // Windows takes "con.txt" for the console, too.
    let stem = name.split('.').next().unwrap_or(name);
    let stem = stem.trim_end().to_ascii_uppercase();
    let is_numbered = NUMBERED_DEVICES.iter().any(|device| {
        let number = stem.strip_prefix(device);
        number.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
    });
    if DEVICES.contains(&stem.as_str()) || is_numbered {
        return Err("is the name of a device on Windows");
    }
    Ok(())
}
