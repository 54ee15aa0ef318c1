//! The program that the renderer is compared with.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;

/// The only version whose output the renderer claims to equal.
pub const KUSTOMIZE: &str = "v5.8.1";

/// A kubectl that has been asked for its version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// The executable.
    pub path: PathBuf,
    /// kubectl's version.
    pub kubectl: String,
}

impl Peer {
    /// `kubectl` in `folder`, refused where its kustomize is not [`KUSTOMIZE`].
    pub fn find(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("kubectl");
        let output = Command::new(&path)
            .args(["version", "--client"])
            .output()
            .map_err(|source| Error::Io { path: path.clone(), source })?;
        let (kubectl, kustomize) = versions(&String::from_utf8_lossy(&output.stdout));
        if kustomize.as_deref() != Some(KUSTOMIZE) {
            let found = kustomize.unwrap_or_else(|| "no version".to_owned());
            return Err(Error::PeerVersion { path, found });
        }
        Ok(Self { path, kubectl: kubectl.unwrap_or_default() })
    }
}

fn versions(text: &str) -> (Option<String>, Option<String>) {
    let after = |label: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(label))?;
        Some(line.trim().to_owned())
    };
    (after("Client Version:"), after("Kustomize Version:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_versions() {
        let text = "Client Version: v1.37.1\nKustomize Version: v5.8.1\n";
        assert_eq!(versions(text), (Some("v1.37.1".to_owned()), Some("v5.8.1".to_owned())));
        assert_eq!(versions("usage"), (None, None));
    }

    #[test]
    fn a_missing_peer_is_an_error() {
        assert!(matches!(Peer::find(Path::new("/no/such/folder")), Err(Error::Io { .. })));
    }
}
