//! Finding and reading the kustomization file of a folder.

use super::build::Build;
use super::decode::{Mode, decode_document};
use super::error::{Error, code};
use super::file::Kustomization;
use super::lint;
use super::load::{Folder, Loader, shown};
use crate::session::File;
use std::sync::Arc;

/// Names under which a kustomization file is looked for.
pub(crate) const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization file with where it stands.
pub(crate) struct Target<'s> {
    pub(crate) loader: Loader<'s>,
    pub(crate) file: Arc<File>,
    pub(crate) kustomization: Kustomization,
    /// Path from the root kustomization, as origins print it.
    pub(crate) origin: String,
}

impl<'s> Build<'s> {
    /// Finds and reads the kustomization file of a folder.
    pub(crate) fn load(&mut self, folder: Folder, origin: String) -> Result<Target<'s>, Error> {
        let loader = Loader::new(self.session, folder);
        let found: Vec<Arc<File>> =
            FILE_NAMES.iter().filter_map(|name| loader.beside(name, &mut self.reads)).collect();
        let folder = shown(&loader.folder.path).to_owned();
        let file = match found.as_slice() {
            [file] => Arc::clone(file),
            [] => {
                return Err(Error::new(
                    code::KUSTOMIZATION_MISSING,
                    format!("unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{folder}'"),
                )
                .in_file(folder));
            }
            _ => {
                return Err(Error::new(
                    code::KUSTOMIZATION_AMBIGUOUS,
                    format!("Found multiple kustomization files under: {folder}"),
                )
                .in_file(folder)
                .help("keep one of kustomization.yaml, kustomization.yml and Kustomization"));
            }
        };
        let kustomization =
            self.read_kustomization(&file).map_err(|error| error.in_file(file.path.as_str()))?;
        Ok(Target { loader, file, kustomization, origin })
    }

    fn read_kustomization(&mut self, file: &File) -> Result<Kustomization, Error> {
        let document = self
            .parse_config(&file.bytes, file.source)
            .map_err(|error| error.context("reading the kustomization"))?;
        let mut kustomization: Kustomization = decode_document(&document, Mode::Strict)
            .map_err(|error| Error::of_field(error, code::KUSTOMIZATION_INVALID))?;
        lint::config::kustomization(self, &document, &kustomization);
        if kustomization.is_empty() {
            return Err(Error::new(code::KUSTOMIZATION_EMPTY, "kustomization.yaml is empty")
                .help("name at least one resource, generator or transformer"));
        }
        kustomization.fix();
        let faults = kustomization.header_faults();
        if !faults.is_empty() {
            let folder = file.path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            return Err(Error::new(
                code::KUSTOMIZATION_INVALID,
                format!("Failed to read kustomization file under {folder}: {}", faults.join("; ")),
            ));
        }
        Ok(kustomization)
    }
}
