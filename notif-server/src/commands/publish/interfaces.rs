//! This host's interfaces, from what Linux shows under `/sys/class/net`.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use crate::yang::ietf_https_notif::notification::InterfaceData;
use crate::yang::ietf_https_notif::notification::interface_data::Interface;
use crate::yang::ietf_https_notif::notification::interface_data::interface::{
    AdminStatus, Mandatory, OperStatus, Statistics,
};
use crate::yang::ietf_https_notif::{InterfaceRef, Notification};
use crate::yang::ietf_yang_types::{DateAndTime, PhysAddress};

/// The directory of network interfaces in Linux.
pub(super) const SYSFS: &str = "/sys/class/net";

/// The file in Linux that gives the time of the boot.
const PROC_STAT: &str = "/proc/stat";

/// The flag of an interface that the administrator has enabled (`linux/if.h`).
const IFF_UP: u32 = 1;

/// A notification with the current state of the interfaces under `dir`.
pub(super) fn notification(dir: &Path) -> io::Result<Notification> {
    let now = Timestamp::now();
    // Linux counts from the boot on.
    let since = started().unwrap_or(now);
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(dir)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort_unstable();
    let mut data = InterfaceData::new();
    for name in names {
        // Skips one that has just gone, and files such as bonding_masters.
        data.interface
            .extend(interface(&dir.join(&name), &name, since));
    }
    // References to interfaces of other network namespaces cannot be resolved here.
    let known: Vec<_> = data
        .interface
        .iter()
        .map(|interface| interface.name.clone())
        .collect();
    for interface in &mut data.interface {
        let is_known =
            |reference: &InterfaceRef| known.iter().any(|name| name == reference.as_str());
        interface.higher_layer_if.retain(is_known);
        interface.lower_layer_if.retain(is_known);
    }
    let mut notification = Notification::new(now.into());
    notification.interface_data = Some(data);
    Ok(notification)
}

/// The time of the boot.
fn started() -> Option<Timestamp> {
    let stat = fs::read_to_string(PROC_STAT).ok()?;
    let seconds = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    Timestamp::from_second(seconds.trim().parse().ok()?).ok()
}

fn interface(dir: &Path, name: &str, since: Timestamp) -> Option<Interface> {
    let text = |file: &str| {
        let text = fs::read_to_string(dir.join(file)).ok()?;
        Some(text.trim().to_owned())
    };
    let flags = u32::from_str_radix(text("flags")?.trim_start_matches("0x"), 16).ok()?;
    let up = flags & IFF_UP != 0;
    let admin = if up {
        AdminStatus::Up
    } else {
        AdminStatus::Down
    };
    let statistics = statistics(&dir.join("statistics"), since.into());
    let mut interface = Interface::new(Mandatory {
        name: name.into(),
        type_: text("type")?.into(),
        admin_status: admin,
        if_index: text("ifindex")?.parse().ok()?,
        statistics,
    });
    interface.description = text("ifalias")
        .filter(|alias| !alias.is_empty())
        .map(Into::into);
    interface.enabled = Some(up);
    interface.oper_status = text("operstate").map(|state| oper_status(&state));
    interface.phys_address = text("address").and_then(|address| PhysAddress::new(&address).ok());
    // In Mbit/s; -1 if the driver does not know.
    let megabits = text("speed").and_then(|speed| speed.parse::<u64>().ok());
    interface.speed = megabits.map(|speed| speed * 1_000_000);
    (interface.higher_layer_if, interface.lower_layer_if) =
        (neighbours(dir, "upper_"), neighbours(dir, "lower_"));
    Some(interface)
}

/// The states of RFC 2863 as Linux names them.
fn oper_status(state: &str) -> OperStatus {
    match state {
        "up" => OperStatus::Up,
        "down" => OperStatus::Down,
        "testing" => OperStatus::Testing,
        "dormant" => OperStatus::Dormant,
        "notpresent" => OperStatus::NotPresent,
        "lowerlayerdown" => OperStatus::LowerLayerDown,
        _ => OperStatus::Unknown,
    }
}

/// The interfaces named by links such as `lower_eth0`.
fn neighbours(dir: &Path, prefix: &str) -> Vec<InterfaceRef> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            Some(file.strip_prefix(prefix)?.to_owned())
        })
        .collect();
    names.sort_unstable();
    names.into_iter().map(InterfaceRef::from).collect()
}

fn statistics(dir: &Path, since: DateAndTime) -> Statistics {
    let count = |file: &str| {
        let text = fs::read_to_string(dir.join(file)).ok()?;
        text.trim().parse::<u64>().ok()
    };
    // A counter32 starts again at 0 after its greatest value (RFC 6991 section 3).
    #[expect(clippy::cast_possible_truncation, reason = "a counter32 wraps")]
    let count32 = |file: &str| count(file).map(|count| count as u32);
    let mut statistics = Statistics::new(since);
    statistics.in_octets = count("rx_bytes");
    statistics.in_unicast_pkts = count("rx_packets");
    statistics.in_multicast_pkts = count("multicast");
    statistics.in_discards = count32("rx_dropped");
    statistics.in_errors = count32("rx_errors");
    statistics.in_unknown_protos = count32("rx_nohandler");
    statistics.out_octets = count("tx_bytes");
    statistics.out_unicast_pkts = count("tx_packets");
    statistics.out_discards = count32("tx_dropped");
    statistics.out_errors = count32("tx_errors");
    statistics
}

#[cfg(test)]
mod tests {
    use notif_runtime::validate::validate;

    use super::*;

    fn write(dir: &Path, files: &[(&str, &str)]) {
        for (file, text) in files {
            let path = dir.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        }
    }

    #[test]
    fn what_linux_shows_becomes_valid_data() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            &[
                ("bonding_masters", "bond0"),
                ("eth0/flags", "0x1003"),
                ("eth0/type", "1"),
                ("eth0/ifindex", "2"),
                ("eth0/operstate", "lowerlayerdown"),
                ("eth0/address", "02:42:c0:33:32:37"),
                ("eth0/speed", "10000"),
                ("eth0/ifalias", ""),
                ("eth0/upper_br0", ""),
                ("eth0/lower_elsewhere", ""),
                ("eth0/statistics/rx_bytes", "18446744073709551615"),
                ("eth0/statistics/rx_dropped", "4294967297"),
                ("br0/flags", "0x1002"),
                ("br0/type", "1"),
                ("br0/ifindex", "3"),
                ("br0/speed", "-1"),
                ("br0/ifalias", "the bridge"),
                ("br0/lower_eth0", ""),
            ],
        );
        let notification = notification(dir.path()).unwrap();
        assert_eq!(validate(&notification), Ok(()));
        let [br0, eth0] = &notification.interface_data.unwrap().interface[..] else {
            panic!("two interfaces");
        };
        assert_eq!((br0.enabled, br0.speed), (Some(false), None));
        assert_eq!(br0.description.as_deref(), Some("the bridge"));
        assert_eq!(
            (eth0.oper_status, eth0.description.as_deref()),
            (Some(OperStatus::LowerLayerDown), None)
        );
        assert_eq!(eth0.higher_layer_if.len(), 1);
        assert_eq!(eth0.lower_layer_if.len(), 0);
        assert_eq!(eth0.speed, Some(10_000_000_000));
        assert_eq!(eth0.statistics.in_octets, Some(u64::MAX));
        assert_eq!(eth0.statistics.in_discards, Some(1));
    }

    #[test]
    fn this_hosts_interfaces_are_valid_data() {
        if Path::new(SYSFS).is_dir() {
            let notification = notification(Path::new(SYSFS)).unwrap();
            assert_eq!(validate(&notification), Ok(()));
        }
    }
}
