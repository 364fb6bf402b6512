//! The time to generate code and to compile it: `make bench-compile`.
//!
//! The aims, on two cores: at most 25 s of `cargo check` and 90 s of release build for the structs of
//! 1,000 nodes, twice as much for 2,000, and less than 2 s in the generator for 10,000 nodes.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use conformance::harness::project::{ANSWERS, Project, Source};
use yang_codegen::Generator;

/// The nodes of one unit: a list with its key, a container, and leafs of the types that real modules
/// have most of.
const UNIT: &str = r#"
  list unit-@ {
    key "name";
    leaf name { type string { length "1..64"; } }
    leaf description { type string; }
    leaf enabled { type boolean; default "true"; }
    leaf kind { type enumeration { enum first; enum second; enum third; } default "first"; }
    leaf address { type address; }
    leaf peer { type leafref { path "../../unit-@/name"; } }
    leaf flavour { type identityref { base flavour; } }
    leaf limit { type union { type uint32; type enumeration { enum unlimited; } } }
    leaf-list tag { type string; }
    container statistics {
      config false;
      leaf since { type uint64; mandatory true; }
      leaf in-octets { type uint64; }
      leaf out-octets { type uint64; }
      leaf errors { type uint32; }
      leaf load { type decimal64 { fraction-digits 2; } units "percent"; }
      leaf state { type state; }
    }
  }
"#;

/// The number of nodes in a unit.
const UNIT_NODES: usize = 17;

/// The module `cost` with so many nodes or a few more.
fn module(nodes: usize) -> String {
    let mut text = String::from(
        "module cost { yang-version 1.1; namespace \"urn:cost\"; prefix c;
  identity flavour; identity sweet { base flavour; } identity sour { base flavour; }
  typedef address { type string { pattern '[0-9a-f]{2}(:[0-9a-f]{2}){5}'; } }
  typedef state { type enumeration { enum up; enum down; enum testing; } }\n",
    );
    // A module of real life has some tens of nodes below each top-level one.
    let units = nodes.div_ceil(UNIT_NODES);
    for at in 0..units {
        if at % 5 == 0 {
            let close = if at == 0 { "" } else { "}" };
            let _ = write!(text, "{close}container part-{at} {{");
        }
        text.push_str(&UNIT.replace('@', &at.to_string()));
    }
    text + "} }\n"
}

/// The source for so many nodes, and the time of the generator.
fn generate(folder: &Path, nodes: usize) -> Result<(String, Duration), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("cost.yang"), module(nodes))?;
    let start = Instant::now();
    let output = Generator::new()
        .search_path(folder)
        .module("cost")
        .generate()?;
    Ok((output.source, start.elapsed()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let work = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../target/compile-cost"
    ));
    let modules = work.join("modules");
    for nodes in [1_000, 2_000] {
        let (text, time) = generate(&modules, nodes)?;
        let lines = text.lines().count();
        writeln!(
            out,
            "{nodes} nodes: {lines} lines, generated in {:.2} s",
            time.as_secs_f64()
        )?;
        let source = [Source {
            set: format!("cost-{nodes}"),
            text,
        }];
        let project = Project::new(work, ANSWERS);
        for command in [&["check"][..], &["build", "--release"]] {
            for time in project.time(command, &source)? {
                let (command, time) = (command.join(" "), time?.as_secs_f64());
                writeln!(out, "{nodes} nodes: cargo {command} in {time:.1} s")?;
            }
        }
    }
    let (text, time) = generate(&modules, 10_000)?;
    let (lines, time) = (text.lines().count(), time.as_secs_f64());
    writeln!(out, "10000 nodes: {lines} lines, generated in {time:.2} s")?;
    Ok(())
}
