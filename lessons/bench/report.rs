//! What was measured, as a table, JSON, plots, and the ratios that the book includes.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::groups::Group;
use crate::plot::plot;
use crate::stats::{Summary, short};

/// A way, and what its samples come to; `None` when there is none.
pub struct Measured {
    pub name: String,
    pub summary: Option<Summary>,
}

struct Rows {
    name: &'static str,
    title: &'static str,
    unit: &'static str,
    ways: Vec<Measured>,
}

impl Rows {
    /// How many times the first way's median this one is.
    fn ratio(&self, summary: &Summary) -> Option<f64> {
        let first = self.ways.first()?.summary?;
        Some(summary.median / first.median)
    }
}

pub struct Report {
    quick: bool,
    /// Versions besides tonic's.
    versions: Vec<String>,
    groups: Vec<Rows>,
}

impl Report {
    pub fn new(quick: bool, versions: Vec<String>) -> Self {
        Self {
            quick,
            versions,
            groups: Vec::new(),
        }
    }

    pub fn add(&mut self, group: &Group, ways: Vec<Measured>) {
        self.groups.push(Rows {
            name: group.name,
            title: group.title,
            unit: group.unit,
            ways,
        });
    }

    pub fn print(&self) {
        for rows in &self.groups {
            let names = rows.ways.iter().map(|way| way.name.len());
            let width = names.max().unwrap_or(0).max(38);
            println!(
                "\n{}\n  {:<width$} {:>16} {:>7} {:>7}",
                rows.title, "", rows.unit, "spread", "ratio"
            );
            for Measured { name, summary } in &rows.ways {
                let Some(summary) = summary else {
                    println!("  {name:<width$} {:>16}", "not measured");
                    continue;
                };
                let ratio = rows.ratio(summary).unwrap_or(1.0);
                println!(
                    "  {name:<width$} {:>16} {:>5.0} % {:>7}",
                    short(summary.median),
                    summary.spread(),
                    times(ratio)
                );
            }
        }
    }

    /// Writes `target/bench/results.json`, and a plot for each group.
    pub fn write(&self) -> Result<(), Box<dyn Error>> {
        let folder = folder();
        fs::create_dir_all(&folder)?;
        for rows in &self.groups {
            let bars: Vec<(&str, Summary)> = rows
                .ways
                .iter()
                .filter_map(|way| Some((way.name.as_str(), way.summary?)))
                .collect();
            let path = folder.join(format!("{}.svg", rows.name));
            fs::write(path, plot(rows.title, rows.unit, &bars))?;
        }
        let text = serde_json::to_string_pretty(&self.json())?;
        fs::write(folder.join("results.json"), text + "\n")?;
        println!(
            "\nresults.json and a plot for each group: {}",
            folder.display()
        );
        Ok(())
    }

    fn versions(&self) -> Vec<String> {
        let tonic = format!("tonic {}", locked("tonic").unwrap_or_default());
        [std::slice::from_ref(&tonic), &self.versions].concat()
    }

    fn json(&self) -> Value {
        let groups: Vec<Value> = self
            .groups
            .iter()
            .map(|rows| {
                let ways: Vec<Value> = rows
                    .ways
                    .iter()
                    .map(|way| {
                        let summary = way.summary.map(|summary| {
                            json!({
                                "median": summary.median,
                                "lowest": summary.range.0,
                                "highest": summary.range.1,
                                "samples": summary.samples,
                                "ratio": rows.ratio(&summary),
                            })
                        });
                        json!({ "name": way.name, "measured": summary })
                    })
                    .collect();
                json!({ "name": rows.name, "title": rows.title, "unit": rows.unit, "ways": ways })
            })
            .collect();
        json!({ "date": today(), "processors": processors(), "versions": self.versions(), "quick": self.quick, "groups": groups })
    }

    /// Writes `measured.md`, which the chapter includes: ratios and spreads, and no time of this machine.
    pub fn accept(&self) -> Result<(), Box<dyn Error>> {
        let mut page = format!(
            "Measured on {}, with {} processors shared by client and server, {}:\n\n\
             | what | way | ratio | spread |\n|---|---|---|---|\n",
            today(),
            processors(),
            self.versions().join(", "),
        );
        for rows in &self.groups {
            for (number, Measured { name, summary }) in rows.ways.iter().enumerate() {
                let title = if number == 0 { rows.title } else { "" };
                let Some(summary) = summary else { continue };
                let ratio = rows.ratio(summary).unwrap_or(1.0);
                let spread = summary.spread();
                writeln!(
                    page,
                    "| {title} | {name} | {} | {spread:.0} % |",
                    times(ratio)
                )?;
            }
        }
        fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/measured.md"), page)?;
        println!("lessons/bench/measured.md has these ratios now");
        Ok(())
    }
}

/// A ratio with two digits, or three behind the point where it is small.
fn times(ratio: f64) -> String {
    match ratio {
        large if large >= 10.0 => format!("{large:.0}"),
        small if small < 0.095 => format!("{small:.3}"),
        other => format!("{other:.2}"),
    }
}

fn folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let default = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"));
    let target = target.unwrap_or_else(default);
    // Shown to a reader, so without `..`.
    target.canonicalize().unwrap_or(target).join("bench")
}

fn processors() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// The version of a package in the lock file that this was built with.
fn locked(package: &str) -> Option<&'static str> {
    let lock = include_str!("../../Cargo.lock");
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    rest.split('"').next()
}

/// The date of today in UTC: days since 1970, turned into a date of the Gregorian calendar (Howard Hinnant,
/// `civil_from_days`).
fn today() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let days = now.map_or(0, |since| since.as_secs() / 86_400) + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // Years begin with March here.
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
