//! A folder of modules that is compiled as a whole.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::{Features, Generator};

/// The file with the settings of a folder.
const SETTINGS: &str = "yang-codegen.toml";

impl Generator {
    /// A generator of the modules in a folder, with the settings of its file `yang-codegen.toml` if
    /// it has one: see [`Generator::from_toml`]. Unless these say otherwise, it compiles every
    /// module in the folder, with all features and every `.sid` file beside the modules.
    ///
    /// # Errors
    /// The folder or its settings cannot be read.
    pub fn from_folder(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let settings = folder.join(SETTINGS);
        let mut generator = if settings.is_file() {
            Self::from_toml(settings)?
        } else {
            Self::new()
        };
        generator = generator.search_path(folder);
        if generator.modules.is_empty() {
            let names = generator.front_end.modules(folder)?;
            generator = names
                .iter()
                .fold(generator, |generator, name| generator.module(name));
        }
        if generator.features.is_empty() {
            generator = generator.features(Features::EVERY_MODULE, Features::All);
        }
        if generator.sid_files.is_empty() {
            generator.sid_files = sid_files(folder)?;
        }
        Ok(generator)
    }

    /// The names of the modules that types are generated for.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.modules.iter().map(|(name, _)| name.as_str())
    }
}

fn sid_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io {
        path: folder.to_path_buf(),
        source,
    };
    let entries = fs::read_dir(folder).map_err(io)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut files = paths.map_err(io)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sid"));
    files.sort();
    Ok(files)
}
