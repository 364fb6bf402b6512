//! The flags that set configuration keys. One table gives each flag, its key, and its help; the
//! default and the variable's name follow from the key.

use clap::{Arg, ArgMatches};

use crate::config::{Setting, default_of_key, variable_of_key};

/// A flag, its configuration key, the name of its value, and its help.
pub(super) struct Flag {
    name: &'static str,
    pub(super) key: &'static str,
    value: &'static str,
    help: &'static str,
}

const fn flag(
    name: &'static str,
    key: &'static str,
    value: &'static str,
    help: &'static str,
) -> Flag {
    Flag {
        name,
        key,
        value,
        help,
    }
}

/// The flags under their headings.
pub(super) const FLAGS: [(&str, &[Flag]); 7] = [
    (
        "Server",
        &[
            flag(
                "listen",
                "listen",
                "HOST:PORT",
                "The address or name to listen on; port 0 takes any that is free",
            ),
            flag(
                "data-dir",
                "data-dir",
                "DIR",
                "The directory of the journal and of the self-made certificate",
            ),
            flag(
                "prefix",
                "prefix",
                "PATH",
                "The path before /capabilities and /relay-notification",
            ),
            flag(
                "workers",
                "workers",
                "NUMBER",
                "Threads that serve connections; auto is one for each core",
            ),
        ],
    ),
    (
        "TLS",
        &[
            flag(
                "cert",
                "tls.cert",
                "FILE",
                "The certificate and its chain, PEM; without it one for localhost is made",
            ),
            flag(
                "key",
                "tls.key",
                "FILE",
                "The certificate's private key, PEM",
            ),
        ],
    ),
    (
        "Limits",
        &[
            flag(
                "max-body",
                "limits.max-body",
                "SIZE",
                "The largest notification; larger ones get 413",
            ),
            flag(
                "in-flight",
                "limits.in-flight",
                "SIZE",
                "The memory that the bodies of all requests may take; above it they get 503",
            ),
            flag(
                "max-depth",
                "limits.max-depth",
                "LEVELS",
                "The greatest depth of a notification",
            ),
            flag(
                "max-faults",
                "limits.max-faults",
                "NUMBER",
                "The most faults that an answer lists",
            ),
            flag(
                "max-connections",
                "limits.max-connections",
                "NUMBER",
                "Open connections; over it idle ones of the busiest address make room",
            ),
        ],
    ),
    (
        "Timeouts",
        &[
            flag(
                "handshake-timeout",
                "timeouts.handshake",
                "TIME",
                "The longest time for the TLS handshake of a connection",
            ),
            flag(
                "request-timeout",
                "timeouts.request",
                "TIME",
                "The longest time for a request's head, and again for its body",
            ),
            flag(
                "write-timeout",
                "timeouts.write",
                "TIME",
                "The longest time in which a client takes nothing of an answer",
            ),
            flag(
                "keep-alive",
                "timeouts.keep-alive",
                "TIME",
                "The time that an idle connection stays open",
            ),
            flag(
                "shutdown-timeout",
                "timeouts.shutdown",
                "TIME",
                "The longest time that a stop waits for requests in flight",
            ),
        ],
    ),
    (
        "Journal",
        &[
            flag(
                "ack",
                "ack",
                "WHERE",
                "The store before 204: journal (on this disk) or kafka (acknowledged by its brokers)",
            ),
            flag(
                "journal-max-size",
                "journal.max-size",
                "SIZE",
                "The largest size of the journal; what a sink has still to get is never removed",
            ),
            flag(
                "journal-max-age",
                "journal.max-age",
                "TIME",
                "The time that notifications are kept",
            ),
        ],
    ),
    (
        "Sinks (the rest in the file: see `notif-server check-config`)",
        &[
            flag(
                "kafka-brokers",
                "sinks.kafka.brokers",
                "HOST:PORT,…",
                "Forward to Kafka",
            ),
            flag(
                "kafka-topic",
                "sinks.kafka.topic",
                "TOPIC",
                "The topic; {module}, {notification} and {publisher} are filled in",
            ),
            flag(
                "influxdb-url",
                "sinks.influxdb.url",
                "URL",
                "Forward to InfluxDB; the token comes from INFLUXDB_TOKEN or the file",
            ),
            flag(
                "influxdb-org",
                "sinks.influxdb.org",
                "ORG",
                "The organisation (InfluxDB 2)",
            ),
            flag(
                "influxdb-bucket",
                "sinks.influxdb.bucket",
                "BUCKET",
                "The bucket (InfluxDB 2)",
            ),
        ],
    ),
    (
        "Log",
        &[
            flag(
                "log-level",
                "log.level",
                "LEVEL",
                "error, warn, info, debug, trace, or directives such as info,notif_server::http=debug",
            ),
            flag("log-format", "log.format", "FORMAT", "text or json"),
        ],
    ),
];

impl Flag {
    pub(super) fn arg(&self) -> Arg {
        let default = match default_of_key(self.key) {
            none if none.is_empty() => none,
            default => format!(" [default: {default}]"),
        };
        let variable = variable_of_key(self.key);
        Arg::new(self.name)
            .long(self.name)
            .value_name(self.value)
            .help(format!("{}{default} [env: {variable}]", self.help))
    }

    pub(super) fn setting(&self, matches: &ArgMatches) -> Option<Setting> {
        let text = matches.get_one::<String>(self.name)?;
        Some(Setting::flag(self.key, self.name, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_sets_a_key_that_there_is() {
        for flag in FLAGS.iter().flat_map(|(_, flags)| flags.iter()) {
            let setting = Setting::flag(flag.key, flag.name, "");
            let error = crate::config::load(None, [], vec![setting]).map(|_| ());
            let text = error.map_or_else(|error| error.to_string(), |()| String::new());
            assert!(!text.contains("there is no"), "{text}");
        }
    }
}
