//! Types generated from your own modules: build data, check it, write it, read it back.
//!
//! `cargo run -p examples --bin own-modules`
#![forbid(unsafe_code)]

use std::error::Error;

use examples::yang::acme_power::PowerReport;
use examples::yang::acme_power::Slot;
use examples::yang::acme_power::power_report::Supply;
use examples::yang::acme_power::power_report::supply::State;
use notif_runtime::Options;
use notif_runtime::validate::validate;
use notif_runtime::{json, xml};

fn main() -> Result<(), Box<dyn Error>> {
    let mut supply = Supply::new(Slot::new(1)?, State::Ok);
    supply.output_power = Some(412_500);
    let mut report = PowerReport::new("2026-11-24T05:00:00Z".parse()?);
    report.supply = vec![supply.clone()];
    validate(&report)?;
    println!("JSON: {}", json::to_string(&report));
    println!("XML:  {}", xml::to_string(&report));

    let again: PowerReport =
        xml::from_slice(xml::to_string(&report).as_bytes(), &Options::default())?;
    assert_eq!(again, report);

    // Two supplies in one slot, which the list's key forbids.
    report.supply.push(supply);
    if let Err(faults) = validate(&report) {
        println!("refused: {faults}");
    }
    Ok(())
}
