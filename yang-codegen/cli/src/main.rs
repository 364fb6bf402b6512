//! The command: the library's options as flags.

mod arguments;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;
use notif_runtime::yang_library;
use yang_codegen::model::Module;
use yang_codegen::{Error, Output};

use arguments::{Arguments, Command, Generate, Library};

fn generate(arguments: &Generate) -> Result<Output, Error> {
    let generator = arguments.generator()?;
    let to_file = generator
        .configured_output()
        .is_some_and(|path| path.as_os_str() != "-");
    // One stream cannot be several files; the library says so.
    if to_file || generator.is_per_module() {
        return generator.write();
    }
    let output = generator.generate()?;
    print(&output.source)?;
    Ok(output)
}

fn library(arguments: &Library) -> Result<(), Error> {
    let model = arguments.generator()?.library()?;
    let modules: Vec<yang_library::Module<'_>> = model.modules.iter().map(in_library).collect();
    let document = yang_library::document(&modules);
    print(&format!("{document:#}\n"))
}

fn in_library(module: &Module) -> yang_library::Module<'_> {
    let features = module.features.iter().filter(|feature| feature.enabled);
    yang_library::Module {
        name: &module.name,
        revision: module.revision.as_deref(),
        namespace: &module.namespace,
        implemented: module.implemented,
        submodules: module
            .submodules
            .iter()
            .map(|submodule| (submodule.name.as_str(), submodule.revision.as_deref()))
            .collect(),
        features: features.map(|feature| feature.name.as_str()).collect(),
        deviated_by: module.deviated_by.iter().map(String::as_str).collect(),
    }
}

fn print(text: &str) -> Result<(), Error> {
    let written = std::io::stdout().write_all(text.as_bytes());
    if let Err(error) = &written
        && error.kind() == ErrorKind::BrokenPipe
    {
        // The reader has seen enough; a shell gives this code for a process that SIGPIPE ended.
        std::process::exit(128 + 13);
    }
    written.map_err(|source| Error::Io {
        path: "standard output".into(),
        source,
    })
}

fn report(output: &Output, start: Instant) {
    for warning in &output.warnings {
        eprintln!("warning: {warning}");
    }
    let modules = &output.model.modules;
    let nodes = output.model.count();
    let sources = output.modules.iter().map(|(_, source)| source);
    let lines: usize = sources
        .chain([&output.source])
        .map(|source| source.lines().count())
        .sum();
    eprintln!(
        "{} modules, {nodes} nodes, {lines} lines in {:.2} s",
        modules.len(),
        start.elapsed().as_secs_f64()
    );
}

fn main() -> ExitCode {
    let start = Instant::now();
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Some(Command::Library(library_of)) => library(library_of),
        Some(Command::Generate(of)) => generate(of).map(|output| report(&output, start)),
        None => generate(&arguments.generate).map(|output| report(&output, start)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("error: {line}");
            }
            ExitCode::FAILURE
        }
    }
}
