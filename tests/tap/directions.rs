//! The frames of a call by direction, in which the lab and a real connection can be compared.

use workbook::run::{Scene, wrap};
use workbook::wire::{Body, Direction, Frame, Part, describe, grouped};

/// As wide as a transcript, and where its rows go on.
const COLUMNS: usize = 80;
const HANGING: usize = 21;

/// Whether the numbers that depend on timing are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Counted,
    Masked,
}

/// The frames of a scene's only call, and the SETTINGS before it, by direction: rows as in a transcript, but one
/// for all DATA and one for all WINDOW_UPDATE.
pub fn directions(scene: &Scene, shown: Shown) -> String {
    let mut text = String::new();
    for direction in [Direction::ToServer, Direction::ToClient] {
        let frames = scene.frames().map(|(_, _, frame)| frame);
        let frames: Vec<&Frame> = frames
            .filter(|frame| frame.direction == direction)
            .collect();
        let of_call = |frame: &&&Frame| frame.stream != 0;
        let row = |frame: &Frame| wrap(&describe(frame), COLUMNS, HANGING).join("\n") + "\n";
        let is_settings = |frame: &&&Frame| matches!(frame.body, Body::Settings(_));
        text.extend(frames.iter().find(is_settings).map(|frame| row(frame)));
        let mut headers = frames
            .iter()
            .filter(|frame| matches!(frame.body, Body::Headers(_)));
        text.extend(headers.next().map(|frame| row(frame)));
        text.push_str(&data(&frames, direction, shown));
        text.push_str(&updates(&frames, direction, shown));
        let ends = frames.iter().filter(of_call).find(|frame| frame.end_stream);
        text.extend(ends.map(|frame| row(frame)));
    }
    text
}

/// One row for all messages of a direction.
fn data(frames: &[&Frame], direction: Direction, shown: Shown) -> String {
    let whole = |part: &&Part| matches!(part, Part::Whole(_) | Part::Ends(_));
    let (mut count, mut messages) = (0, 0);
    for frame in frames {
        if let Body::Data { parts, .. } = &frame.body
            && !parts.is_empty()
        {
            count += 1;
            messages += parts.iter().filter(whole).count();
        }
    }
    let messages = grouped(messages as u64);
    let count = match shown {
        Shown::Counted => grouped(count),
        Shown::Masked => "…".to_owned(),
    };
    format!("{direction} DATA          #1   {messages} messages, in {count} frames\n")
}

/// One row for all WINDOW_UPDATE of the call in a direction.
fn updates(frames: &[&Frame], direction: Direction, shown: Shown) -> String {
    let of_call = frames.iter().filter(|frame| frame.stream != 0);
    let sizes: Vec<u32> = of_call
        .filter_map(|frame| match frame.body {
            Body::WindowUpdate(size) => Some(size),
            _ => None,
        })
        .collect();
    assert!(
        !sizes.is_empty(),
        "a thousand messages are more than a window"
    );
    let (count, size) = match shown {
        Shown::Masked => ("…".to_owned(), "…".to_owned()),
        Shown::Counted => {
            let (first, last) = (sizes.iter().min(), sizes.iter().max());
            assert_eq!(first, last, "not all of one size");
            (sizes.len().to_string(), grouped(u64::from(sizes[0])))
        }
    };
    format!("{direction} WINDOW_UPDATE #1   {count} times +{size} bytes\n")
}
