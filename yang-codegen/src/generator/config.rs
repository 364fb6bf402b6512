//! Settings from a TOML file: those of [`Generator`](crate::Generator), by the same names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;
use crate::{Features, Generator};

/// The file. Paths in it are relative to its folder.
#[derive(Debug, Default, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct File {
    search_path: Vec<PathBuf>,
    modules: Vec<String>,
    implement_imports: bool,
    lenient: bool,
    all_features: bool,
    features: BTreeMap<String, Names>,
    typedefs: Vec<String>,
    leave_out: Vec<String>,
    partial: Vec<String>,
    sid_files: Vec<PathBuf>,
    extern_path: BTreeMap<String, String>,
    type_attribute: BTreeMap<String, Texts>,
    field_attribute: BTreeMap<String, Texts>,
    rename: BTreeMap<String, String>,
    runtime_path: Option<String>,
    per_module: bool,
    output: Option<PathBuf>,
}

/// The features of a module.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"*\" for all features, or a list of features"
)]
enum Names {
    One(String),
    Many(Vec<String>),
}

/// One text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected an attribute or a list of attributes")]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl From<Names> for Features {
    fn from(names: Names) -> Self {
        match names {
            Names::One(all) if all == "*" => Self::All,
            Names::One(name) => Self::Only(vec![name]),
            Names::Many(names) => Self::Only(names),
        }
    }
}

impl Texts {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// The generator that a file describes.
pub(crate) fn read(path: &Path) -> Result<Generator, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_path_buf(),
        source,
    })?;
    let file: File = toml::from_str(&text).map_err(|error| Error::Config {
        path: path.to_path_buf(),
        reason: error.to_string().trim_end().to_owned(),
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(file.generator(folder))
}

impl File {
    fn generator(self, folder: &Path) -> Generator {
        let mut generator = Generator::new()
            .per_module(self.per_module)
            .implement_imports(self.implement_imports)
            .lenient(self.lenient);
        for path in self.search_path {
            generator = generator.search_path(folder.join(path));
        }
        for module in self.modules {
            generator = generator.module(&module);
        }
        if self.all_features {
            generator = generator.features(Features::EVERY_MODULE, Features::All);
        }
        for (module, names) in self.features {
            generator = generator.features(module, names);
        }
        for module in self.typedefs {
            generator = generator.typedefs(module);
        }
        for path in self.leave_out {
            generator = generator.leave_out(path);
        }
        for module in self.partial {
            generator = generator.partial(module);
        }
        for file in self.sid_files {
            generator = generator.sid_file(folder.join(file));
        }
        if let Some(path) = self.runtime_path {
            generator = generator.runtime_path(path);
        }
        if let Some(path) = self.output {
            generator = generator.output(folder.join(path));
        }
        generator = self
            .extern_path
            .into_iter()
            .fold(generator, |generator, (module, path)| {
                generator.extern_path(module, path)
            });
        generator = self
            .rename
            .into_iter()
            .fold(generator, |generator, (path, name)| {
                generator.rename(path, name)
            });
        for (path, attributes) in self.type_attribute {
            for attribute in attributes.into_vec() {
                generator = generator.type_attribute(&path, attribute);
            }
        }
        for (path, attributes) in self.field_attribute {
            for attribute in attributes.into_vec() {
                generator = generator.field_attribute(&path, attribute);
            }
        }
        generator
    }
}
