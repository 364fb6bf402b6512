//! `validate`: checks files as the server would, and prints faults in the style of compilers.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use notif_runtime::fault::{Fault, Faults};
use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;
use notif_runtime::text::{excerpt, visible};
use notif_runtime::{Encoding, Options};

use super::{input, stdio};
use crate::config::Limits;

/// The number of faults printed for a file, at most.
const MAX_FAULTS: usize = 100;

/// The length of a printed path, in characters, at most: data without a schema can nest deep.
const PATH: usize = 2_000;

/// The arguments of `validate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files with one notification each; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The files' encoding: json, xml, cbor (RFC 9254) or json-cbor (the data of JSON as
    /// application/cbor); by default it follows from the name's ending, else from the content
    #[arg(long, value_name = "ENCODING", value_parser = encoding)]
    encoding: Option<Encoding>,
}

pub(crate) fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::from_name(name).ok_or_else(|| {
        let known: Vec<_> = Encoding::ALL.iter().map(|known| known.as_str()).collect();
        format!("expected {}", known.join(" or "))
    })
}

/// The counts of files and faults.
#[derive(Debug, Default)]
struct Tally {
    valid: usize,
    faulty: usize,
    faults: usize,
    unreadable: usize,
}

/// Checks the files within these limits; 0 if all are valid, 1 if there are faults, 2 if one cannot
/// be read.
#[must_use]
pub(crate) fn run(args: &Args, limits: &Limits, registry: &Registry) -> ExitCode {
    match check_all(args, limits, registry, &mut stdio::stdout()) {
        Ok(tally) if tally.unreadable > 0 => ExitCode::from(2),
        Ok(tally) if tally.faulty > 0 => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        // Standard output cannot be written.
        Err(_) => ExitCode::from(2),
    }
}

fn check_all(
    args: &Args,
    limits: &Limits,
    registry: &Registry,
    out: &mut impl Write,
) -> io::Result<Tally> {
    let options = Options::default()
        .with_max_size(limits.max_body.bytes())
        .with_max_depth(limits.max_depth.get())
        .with_max_faults(MAX_FAULTS);
    let mut tally = Tally::default();
    for file in &args.files {
        let name = file.display().to_string();
        let name = visible(&name);
        match input::read(file, limits.max_body) {
            Ok(input) => {
                let encoding = args.encoding.unwrap_or_else(|| guess(file, &input));
                let decoded = registry.decode(encoding, &input, &options);
                check(&name, encoding, decoded, &mut tally, out)?;
            }
            Err(error) => {
                tally.unreadable += 1;
                writeln!(out, "{name}: cannot be read: {error}")?;
            }
        }
    }
    summary(&tally, out)?;
    Ok(tally)
}

fn check(
    name: &str,
    encoding: Encoding,
    decoded: Result<Notification, Faults>,
    tally: &mut Tally,
    out: &mut impl Write,
) -> io::Result<()> {
    match decoded {
        Ok(notification) => {
            tally.valid += 1;
            writeln!(out, "{name}: valid {encoding}: {}", notification.name())
        }
        Err(faults) => {
            tally.faulty += 1;
            tally.faults += faults.list.len();
            print(name, &faults, out)
        }
    }
}

/// The encoding of a file, from the ending of its name, else from its first bytes.
pub(crate) fn guess(file: &Path, input: &[u8]) -> Encoding {
    let ending = file.extension().and_then(OsStr::to_str);
    let by_name = ending.and_then(|ending| Encoding::from_name(&ending.to_ascii_lowercase()));
    by_name.unwrap_or_else(|| {
        let text = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
        match text.trim_ascii_start().first() {
            Some(b'<') => Encoding::Xml,
            // A CBOR map; no text starts like this.
            Some(0xa0..=0xbf) => Encoding::Cbor,
            _ => Encoding::Json,
        }
    })
}

fn print(name: &str, faults: &Faults, out: &mut impl Write) -> io::Result<()> {
    for fault in &faults.list {
        writeln!(out, "{name}{}", visible(&line(fault)))?;
    }
    if faults.truncated {
        writeln!(out, "{name}: there are more faults")?;
    }
    Ok(())
}

/// `:line:column: error[kind]: path: what is wrong`.
fn line(fault: &Fault) -> String {
    let position = fault
        .position
        .map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
    let (kind, problem) = (fault.kind, fault.problem());
    let path = excerpt(&fault.path, PATH);
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
        std::fs::write(&file, "{\n  nonsense\n}").unwrap();
        let args = Args {
            files: vec![file.clone(), dir.path().join("none")],
            encoding: None,
        };
        let mut out = Vec::new();
        let tally = check_all(&args, &Limits::default(), &Registry::default(), &mut out).unwrap();
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

    #[test]
    fn what_is_printed_is_one_line_a_fault_and_does_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bad\u{1b}[31m.json");
        let name = "\\u001b[31m\\n\\u009b\\u202e\u{9b}\u{202e}";
        let message = format!("{{\"ietf-https-notif:notification\":{{\"{name}\":1}}}}");
        std::fs::write(&file, message).unwrap();
        let args = Args {
            files: vec![file],
            encoding: None,
        };
        let mut out = Vec::new();
        check_all(&args, &Limits::default(), &crate::registry(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let path = "/\\u{1b}[31m\\n\\u{9b}\\u{202e}\\u{9b}\\u{202e}: ";
        assert!(out.contains(path), "{out}");
        assert!(out.contains("bad\\u{1b}[31m.json:1:"), "{out}");
        assert_eq!(out.lines().count(), 3, "{out}");
        let acts = |c: char| c != '\n' && notif_runtime::text::acts(c);
        assert!(!out.contains(acts), "{out}");
    }
}
