//! The command's arguments: the library's settings as flags.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
#[cfg(feature = "libyang")]
use yang_codegen::FrontEnd;
use yang_codegen::{Error, Features, Generator};

/// Generates Rust types with strict codecs from YANG modules.
///
/// The generated source uses the crate notif-runtime. A statement that it cannot express is an
/// error that names the file and the line.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Example:\n  yang-codegen --search-path yang_modules --feature 'ietf-https-notif:*' \\\n      --output src/yang.rs ietf-https-notif"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) generate: Generate,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate types; the same without the word
    Generate(Box<Generate>),

    /// Print the YANG library (RFC 8525) of the modules, or of all in the search path
    Library(Library),
}

/// The modules, and the parts of them to generate.
#[derive(Debug, Args)]
struct Selection {
    /// The modules, each NAME or NAME@REVISION
    #[arg(value_name = "MODULE")]
    modules: Vec<String>,

    /// A TOML file with settings, to which the flags add
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A folder to search for modules and their imports; may be given several times.
    /// Without any, here or in the file, the working folder
    #[arg(short = 'p', long, value_name = "DIR")]
    search_path: Vec<PathBuf>,

    /// Generate the imported modules too, so that their identities are values
    #[arg(long)]
    implement_imports: bool,

    /// Take modules that break a rule which vendors break; each place is a warning
    #[arg(long)]
    lenient: bool,

    /// A feature to turn on, MODULE:FEATURE, or all features of a module, MODULE:*
    #[arg(short, long = "feature", value_name = "MODULE:FEATURE", value_parser = feature)]
    features: Vec<(String, Features)>,

    /// Turn all features of all modules on
    #[arg(long)]
    all_features: bool,

    /// The front end that reads the modules
    #[cfg(feature = "libyang")]
    #[arg(long, value_enum, value_name = "NAME")]
    front_end: Option<Reader>,
}

/// The front ends, by the names that the flag has for them.
#[cfg(feature = "libyang")]
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Reader {
    /// The one of yang-codegen
    Own,
    /// libyang 2, a second opinion
    Libyang,
}

#[cfg(feature = "libyang")]
impl From<Reader> for FrontEnd {
    fn from(reader: Reader) -> Self {
        match reader {
            Reader::Own => Self::Own,
            Reader::Libyang => Self::Libyang,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Library {
    #[command(flatten)]
    selection: Selection,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    selection: Selection,

    /// Leave out a node, /MODULE:NODE/NODE, or all nodes that a module defines, MODULE
    #[arg(long, value_name = "PATH")]
    leave_out: Vec<String>,

    /// Generate all typedefs of a module, used or not
    #[arg(long, value_name = "MODULE")]
    typedefs: Vec<String>,

    /// Use the types of a module that another crate has, MODULE=RUST-PATH
    #[arg(long = "extern-path", value_name = "MODULE=PATH", value_parser = setting)]
    extern_paths: Vec<(String, String)>,

    /// Make the types of a module fit for a part of a datastore
    #[arg(long, value_name = "MODULE")]
    partial: Vec<String>,

    /// A .sid file (RFC 9595) with the SIDs of one module; may be given several times
    #[arg(long = "sid", value_name = "FILE")]
    sid_files: Vec<PathBuf>,

    /// An attribute for the type of the node at a schema path, PATH=ATTRIBUTE; * is any step, ** at
    /// the end all below
    #[arg(long = "type-attribute", value_name = "PATH=ATTRIBUTE", value_parser = setting)]
    type_attributes: Vec<(String, String)>,

    /// An attribute for the field of the node at a schema path, PATH=ATTRIBUTE
    #[arg(long = "field-attribute", value_name = "PATH=ATTRIBUTE", value_parser = setting)]
    field_attributes: Vec<(String, String)>,

    /// A name for the type of the node at a schema path, PATH=NAME
    #[arg(long = "rename", value_name = "PATH=NAME", value_parser = setting)]
    renames: Vec<(String, String)>,

    /// The path under which the generated code finds notif-runtime [default: ::notif_runtime]
    #[arg(long, value_name = "PATH")]
    runtime_path: Option<String>,

    /// Write a folder with a file for each module; needs --output
    #[arg(long)]
    per_module: bool,

    /// The file for the source; - is standard output, as is no output at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn feature(text: &str) -> Result<(String, Features), String> {
    match text.split_once(':') {
        Some((module, "*")) => Ok((module.to_owned(), Features::All)),
        Some((module, feature)) => Ok((module.to_owned(), [feature].into())),
        None => Err("expected MODULE:FEATURE or MODULE:*".to_owned()),
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (path, value) = text.split_once('=').ok_or("expected PATH=VALUE")?;
    Ok((path.to_owned(), value.to_owned()))
}

impl Selection {
    fn generator(&self) -> Result<Generator, Error> {
        let mut generator = match &self.config {
            Some(file) => Generator::from_toml(file)?,
            None => Generator::new(),
        };
        #[cfg(feature = "libyang")]
        if let Some(front_end) = self.front_end {
            generator = generator.front_end(front_end.into());
        }
        for folder in &self.search_path {
            generator = generator.search_path(folder);
        }
        if !generator.has_search_path() {
            generator = generator.search_path(".");
        }
        for module in &self.modules {
            generator = generator.module(module);
        }
        if self.implement_imports {
            generator = generator.implement_imports(true);
        }
        if self.lenient {
            generator = generator.lenient(true);
        }
        if self.all_features {
            generator = generator.features(Features::EVERY_MODULE, Features::All);
        }
        for (module, features) in &self.features {
            generator = generator.features(module, features.clone());
        }
        Ok(generator)
    }
}

impl Library {
    pub(crate) fn generator(&self) -> Result<Generator, Error> {
        self.selection.generator()
    }
}

impl Generate {
    /// The generator; it has an output unless the source goes to standard output.
    pub(crate) fn generator(&self) -> Result<Generator, Error> {
        let mut generator = self.selection.generator()?;
        for path in &self.leave_out {
            generator = generator.leave_out(path);
        }
        for module in &self.typedefs {
            generator = generator.typedefs(module);
        }
        for (module, path) in &self.extern_paths {
            generator = generator.extern_path(module, path);
        }
        for module in &self.partial {
            generator = generator.partial(module);
        }
        for file in &self.sid_files {
            generator = generator.sid_file(file);
        }
        for (path, attribute) in &self.type_attributes {
            generator = generator.type_attribute(path, attribute);
        }
        for (path, attribute) in &self.field_attributes {
            generator = generator.field_attribute(path, attribute);
        }
        for (path, name) in &self.renames {
            generator = generator.rename(path, name);
        }
        if let Some(path) = &self.runtime_path {
            generator = generator.runtime_path(path);
        }
        if self.per_module {
            generator = generator.per_module(true);
        }
        if let Some(output) = &self.output {
            generator = generator.output(output);
        }
        Ok(generator)
    }
}
