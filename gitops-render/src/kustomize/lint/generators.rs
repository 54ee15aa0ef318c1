//! Generators: env files, and what merging into an object loses.

use super::super::absorb::Absorbed;
use super::super::build::Build;
use super::super::generate::key_values::EnvNote;
use super::codes::{
    ENV_EXPORT, ENV_LINE_TOO_LONG, ENV_LINE_WITHOUT_KEY, ENV_LINE_WITHOUT_VALUE, ENV_QUOTES_KEPT,
    GENERATOR_LOSES_FIELDS, GENERATOR_WITHOUT_HASH, KEY_IN_DATA_AND_BINARY_DATA,
};
use crate::session::File;
use gitops_core::value::Place;

/// Warns of lines of an env file that did not give what they seem to say.
pub(crate) fn env_file(build: &mut Build<'_>, file: &File, notes: &[EnvNote]) {
    for note in notes {
        let (line, diagnostic) = match note {
            EnvNote::TooLong(line) => (
                line,
                ENV_LINE_TOO_LONG.says("the line has 64 KiB or more: it and all lines after it are dropped"),
            ),
            EnvNote::NoKey(line) => (line, ENV_LINE_WITHOUT_KEY.says("the line has no key and is dropped")),
            EnvNote::NoValue(line) => {
                (line, ENV_LINE_WITHOUT_VALUE.says("the line has no '=': the value is empty"))
            }
            EnvNote::Export(line) => (line, ENV_EXPORT.says("'export' becomes part of the key")),
            EnvNote::Quoted(line) => (line, ENV_QUOTES_KEPT.says("the quotes become part of the value")),
        };
        build.warn(line_place(file, *line), diagnostic);
    }
}

/// The beginning of a line, counted from 1.
fn line_place(file: &File, line: usize) -> Place {
    let breaks = file.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let start = line.checked_sub(2).and_then(|skipped| breaks.map(|(at, _)| at + 1).nth(skipped));
    Place::new(file.source, start.unwrap_or_default() as u32)
}

/// Warns of what a generated object lost when it merged into another one or replaced it.
pub(crate) fn absorbed(build: &mut Build<'_>, absorbed: &Absorbed, place: Place) {
    let name = &absorbed.name;
    if !absorbed.lost.is_empty() {
        let lost = absorbed.lost.join("', '");
        build.warn(place, GENERATOR_LOSES_FIELDS.says(format!("the existing {name} loses '{lost}'")));
    }
    if absorbed.hash_dropped {
        let message = format!("the name gets no hash, because the existing {name} has none");
        build.warn(place, GENERATOR_WITHOUT_HASH.says(message));
    }
    for key in &absorbed.twice {
        let message = format!("'{key}' of {name} is in data and in binaryData");
        build.warn(place, KEY_IN_DATA_AND_BINARY_DATA.says(message));
    }
}
