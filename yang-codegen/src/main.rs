//! The command: the library's options as flags.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use yang_codegen::model::{Call, Node, NodeKind, Operation};
use yang_codegen::{Error, Features, Generator, Output, write_if_changed};

/// Generates Rust types with strict codecs from YANG modules.
///
/// The generated source stands on the crate notif-runtime. A statement that it cannot express is
/// an error that names the file and the line.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example:\n  yang-codegen --search-path yang_modules --feature 'ietf-https-notif:*' \\\n      --output src/yang.rs ietf-https-notif"
)]
struct Arguments {
    /// The modules to generate types for, each NAME or NAME@REVISION
    #[arg(required = true, value_name = "MODULE")]
    modules: Vec<String>,

    /// A folder in which modules and what they import are looked for; may be given several times
    #[arg(short = 'p', long, value_name = "DIR", default_value = ".")]
    search_path: Vec<PathBuf>,

    /// A feature to turn on, MODULE:FEATURE, or all features of a module, MODULE:*
    #[arg(short, long = "feature", value_name = "MODULE:FEATURE", value_parser = feature)]
    features: Vec<(String, Features)>,

    /// Turn all features of all modules on
    #[arg(long)]
    all_features: bool,

    /// A .sid file (RFC 9595) with the SIDs of one module; may be given several times
    #[arg(long = "sid", value_name = "FILE")]
    sid_files: Vec<PathBuf>,

    /// An attribute for the type of the node at a schema path, PATH=ATTRIBUTE
    #[arg(long = "type-attribute", value_name = "PATH=ATTRIBUTE", value_parser = setting)]
    type_attributes: Vec<(String, String)>,

    /// An attribute for the field of the node at a schema path, PATH=ATTRIBUTE
    #[arg(long = "field-attribute", value_name = "PATH=ATTRIBUTE", value_parser = setting)]
    field_attributes: Vec<(String, String)>,

    /// A name for the type of the node at a schema path, PATH=NAME
    #[arg(long = "rename", value_name = "PATH=NAME", value_parser = setting)]
    renames: Vec<(String, String)>,

    /// The path under which the generated code finds notif-runtime
    #[arg(long, value_name = "PATH", default_value = "::notif_runtime")]
    runtime_path: String,

    /// Where to write the source; - is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
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

impl Arguments {
    fn generator(&self) -> Generator {
        let mut generator = Generator::new().runtime_path(&self.runtime_path);
        for folder in &self.search_path {
            generator = generator.search_path(folder);
        }
        for module in &self.modules {
            generator = generator.module(module);
        }
        if self.all_features {
            generator = generator.features(Features::EVERY_MODULE, Features::All);
        }
        for (module, features) in &self.features {
            generator = generator.features(module, features.clone());
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
        generator
    }

    fn run(&self) -> Result<Output, Error> {
        let output = self.generator().generate()?;
        if self.output.as_os_str() == "-" {
            std::io::stdout()
                .write_all(output.source.as_bytes())
                .map_err(|source| Error::Io {
                    path: self.output.clone(),
                    source,
                })?;
        } else {
            write_if_changed(&self.output, &output.source)?;
        }
        Ok(output)
    }
}

fn count(nodes: &[Node]) -> usize {
    let below = |node: &Node| match &node.kind {
        NodeKind::Container { children, .. }
        | NodeKind::List { children, .. }
        | NodeKind::Notification { children }
        | NodeKind::Input { children }
        | NodeKind::Output { children } => count(children) + count_operations(&node.operations),
        NodeKind::Leaf { .. } | NodeKind::LeafList { .. } => 0,
    };
    nodes.iter().map(|node| 1 + below(node)).sum()
}

fn count_operations(operations: &[Operation]) -> usize {
    let count = |operation: &Operation| match operation {
        Operation::Notification(node) => count(std::slice::from_ref(node)),
        Operation::Rpc(Call { input, output }) | Operation::Action(Call { input, output }) => {
            count(std::slice::from_ref(input)) + count(std::slice::from_ref(output))
        }
    };
    operations.iter().map(count).sum()
}

fn main() -> ExitCode {
    let start = Instant::now();
    let arguments = Arguments::parse();
    match arguments.run() {
        Ok(Output { source, model, .. }) => {
            let nodes: usize = model
                .modules
                .iter()
                .map(|module| count(&module.roots) + count_operations(&module.operations))
                .sum();
            eprintln!(
                "{} modules, {nodes} nodes, {} lines in {:.2} s",
                model.modules.len(),
                source.lines().count(),
                start.elapsed().as_secs_f64()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("error: {line}");
            }
            ExitCode::FAILURE
        }
    }
}
