//! `validate`: checks files as the server would, and prints the faults like a compiler.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use notif_runtime::Encoding;
use notif_runtime::decode::Options;
use notif_runtime::registry::Registry;
use notif_runtime::validate::{Fault, Faults};

use crate::stdio;

/// How many faults of a file are printed.
const MAX_FAULTS: usize = 100;

/// What `validate` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files with one notification each; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are: json, xml, cbor (RFC 9254) or json-cbor (the data of JSON as
    /// application/cbor); without it the ending of the name tells, else the content
    #[arg(long, value_name = "ENCODING", value_parser = encoding)]
    encoding: Option<Encoding>,
}

pub(crate) fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::from_name(name).ok_or_else(|| {
        let known: Vec<_> = Encoding::ALL.iter().map(|known| known.as_str()).collect();
        format!("expected {}", known.join(" or "))
    })
}

/// What became of the files.
#[derive(Debug, Default)]
struct Tally {
    valid: usize,
    faulty: usize,
    faults: usize,
    unreadable: usize,
}

/// Checks the files; 0 if all are valid, 1 if there are faults, 2 if one cannot be read.
#[must_use]
pub fn run(args: &Args, registry: &Registry) -> ExitCode {
    match check_all(args, registry, &mut stdio::stdout()) {
        Ok(tally) if tally.unreadable > 0 => ExitCode::from(2),
        Ok(tally) if tally.faulty > 0 => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        // What is printed cannot be written.
        Err(_) => ExitCode::from(2),
    }
}

fn check_all(args: &Args, registry: &Registry, out: &mut impl Write) -> io::Result<Tally> {
    let mut tally = Tally::default();
    for file in &args.files {
        match read(file) {
            Ok(input) => check(file, &input, args.encoding, registry, &mut tally, out)?,
            Err(error) => {
                tally.unreadable += 1;
                writeln!(out, "{}: cannot be read: {error}", file.display())?;
            }
        }
    }
    summary(&tally, out)?;
    Ok(tally)
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return fs::read(file);
    }
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    Ok(input)
}

fn check(
    file: &Path,
    input: &[u8],
    encoding: Option<Encoding>,
    registry: &Registry,
    tally: &mut Tally,
    out: &mut impl Write,
) -> io::Result<()> {
    let encoding = encoding.unwrap_or_else(|| guess(file, input));
    let options = Options::default()
        .with_max_size(usize::MAX)
        .with_max_faults(MAX_FAULTS);
    match registry.decode(encoding, input, &options) {
        Ok(notification) => {
            tally.valid += 1;
            writeln!(
                out,
                "{}: valid {encoding}: {}",
                file.display(),
                notification.name()
            )
        }
        Err(faults) => {
            tally.faulty += 1;
            tally.faults += faults.list.len();
            print(file, &faults, out)
        }
    }
}

/// What a file is: by the ending of its name, else by how it starts.
pub(crate) fn guess(file: &Path, input: &[u8]) -> Encoding {
    let ending = file.extension().and_then(OsStr::to_str);
    let by_name = ending.and_then(|ending| Encoding::from_name(&ending.to_ascii_lowercase()));
    by_name.unwrap_or_else(|| {
        let text = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
        match text.trim_ascii_start().first() {
            Some(b'<') => Encoding::Xml,
            // A map, of CBOR, which starts no text.
            Some(0xa0..=0xbf) => Encoding::Cbor,
            _ => Encoding::Json,
        }
    })
}

fn print(file: &Path, faults: &Faults, out: &mut impl Write) -> io::Result<()> {
    for fault in &faults.list {
        writeln!(out, "{}{}", file.display(), line(fault))?;
    }
    if faults.truncated {
        writeln!(out, "{}: there are more faults", file.display())?;
    }
    Ok(())
}

/// `:line:column: error[kind]: path: what is wrong`.
fn line(fault: &Fault) -> String {
    let position = fault
        .position
        .map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
    let (kind, path, problem) = (fault.kind, &fault.path, fault.problem());
    format!("{position}: error[{kind}]: {path}: {problem}")
}

fn summary(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    let Tally {
        valid,
        faulty,
        faults,
        unreadable,
    } = tally;
    write!(out, "{valid} valid, {faulty} not valid")?;
    if *faults > 0 {
        write!(out, " ({faults} faults)")?;
    }
    if *unreadable > 0 {
        write!(out, ", {unreadable} cannot be read")?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_guessed_from_name_or_content() {
        let map = guess(Path::new("a"), b"\xa1\x61a\xa0");
        assert_eq!(map, Encoding::Cbor);
        for (file, input, encoding) in [
            ("a.cbor", "{}", Encoding::Cbor),
            ("a.json", "<x/>", Encoding::Json),
            ("a.XML", "{}", Encoding::Xml),
            ("-", " \n<x/>", Encoding::Xml),
            ("a", "\u{FEFF}<x/>", Encoding::Xml),
            ("a.txt", "{}", Encoding::Json),
            ("a", "", Encoding::Json),
        ] {
            assert_eq!(guess(Path::new(file), input.as_bytes()), encoding, "{file}");
        }
    }

    #[test]
    fn faults_and_unreadable_files_are_counted_and_printed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bad.json");
        fs::write(&file, "{\n  nonsense\n}").unwrap();
        let args = Args {
            files: vec![file.clone(), dir.path().join("none")],
            encoding: None,
        };
        let mut out = Vec::new();
        let tally = check_all(&args, &Registry::new(&[]), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!((tally.valid, tally.faulty, tally.unreadable), (0, 1, 1));
        let fault = format!("{}:2:", file.display());
        assert!(out.starts_with(&fault), "{out}");
        assert!(out.contains("error[malformed]: /: "), "{out}");
        assert!(out.contains("none: cannot be read: No such file"), "{out}");
        assert!(
            out.ends_with("0 valid, 1 not valid (1 faults), 1 cannot be read\n"),
            "{out}"
        );
    }
}
