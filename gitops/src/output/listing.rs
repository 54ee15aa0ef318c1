//! The list of what was written into a folder, with digests: a JSON file in that folder.

use super::Error;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Name of the list.
pub const LISTING: &str = ".gitops-rendered.json";

/// The form of the list that is written and understood.
const VERSION: u32 = 1;

/// Names of files below the folder, with the digests of what was written.
pub(super) type Digests = BTreeMap<String, String>;

#[derive(serde::Serialize, serde::Deserialize)]
struct Document {
    version: u32,
    files: Digests,
}

/// `sha256:` and 64 hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16));
    "sha256:".chars().chain(digits).collect()
}

/// The list of a folder; empty where there is none.
pub(super) fn read(folder: &Path) -> Result<Digests, Error> {
    let path = folder.join(LISTING);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Digests::new()),
        Err(error) => return Err(Error::io("read", &path)(error)),
    };
    match serde_json::from_slice::<Document>(&bytes) {
        Ok(document) if document.version == VERSION => Ok(document.files),
        Ok(document) => {
            Err(Error::Listing { path, message: format!("version {} is not known", document.version) })
        }
        Err(error) => Err(Error::Listing { path, message: error.to_string() }),
    }
}

/// The text of a list.
pub(super) fn text(files: Digests) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(&Document { version: VERSION, files })?;
    bytes.push(b'\n');
    Ok(bytes)
}
