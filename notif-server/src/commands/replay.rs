//! `replay`: sends notifications from the journal to a sink again.
//!
//! It can run beside the server: it reads the same journal and has its own connection to the
//! destination. The cursors and accounts of the sinks stay as they are. Records keep their ids, and
//! InfluxDB's points are the same points, so nothing appears twice.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

use notif_runtime::registry::Registry;
use notif_runtime::text::visible;

use super::exit::{FAILED, fail};
use super::filter_args::FilterArgs;
use super::{progress, stdio};
use crate::config::Config;
use crate::forward::Feed;
use crate::journal::{Extent, Filter, OpenError, ReadError, Reader};
use crate::observe;
use crate::sink::influxdb::{INFLUXDB, InfluxdbError, InfluxdbSink};
use crate::sink::kafka::{KAFKA, KafkaSink, SetupError};
use crate::sink::{Item, Outcome, Sink, Status};

/// The number of notifications sent at a time.
const BATCH: usize = 500;

/// The arguments of `replay`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// The configured sink to send to
    #[arg(value_enum)]
    sink: Destination,
    #[command(flatten)]
    filter: FilterArgs,
    /// Only what the sink has in quarantine
    #[arg(long)]
    quarantined: bool,
    /// Everything that is in the journal
    #[arg(long)]
    all: bool,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
}

/// A sink that can be replayed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Destination {
    Kafka,
    Influxdb,
}

/// Errors of `replay`: nothing is sent again, or only a part.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayError {
    /// No notifications are selected.
    #[error(
        "say what to send again: --since, --until, --publisher, --name, --quarantined, or --all"
    )]
    Nothing,
    /// The sink has no address.
    #[error("{0} is not configured: set sinks.{0}.{1}")]
    Off(&'static str, &'static str),
    /// Kafka's configuration cannot be used.
    #[error(transparent)]
    Kafka(#[from] SetupError),
    /// InfluxDB's configuration cannot be used.
    #[error(transparent)]
    Influxdb(#[from] InfluxdbError),
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Standard output cannot be written.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// The notifications to send again.
#[derive(Debug)]
struct Selection {
    reader: Reader,
    filter: Filter,
    /// The numbers to send, if not all that match.
    only: Option<BTreeSet<u64>>,
    extent: Extent,
}

/// The outcome of a replay.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    delivered: u64,
    refused: u64,
    damaged: u64,
}

impl Destination {
    const fn name(self) -> &'static str {
        match self {
            Self::Kafka => KAFKA.name,
            Self::Influxdb => INFLUXDB.name,
        }
    }
}

impl Selection {
    fn new(args: &Args, reader: Reader) -> Result<Self, ReplayError> {
        let filter = Filter::from(&args.filter);
        if filter == Filter::default() && !args.quarantined && !args.all {
            return Err(ReplayError::Nothing);
        }
        let (only, extent) = if args.quarantined {
            let mut parked = reader.quarantined(&filter, usize::MAX)?;
            parked.retain(|one| one.sink == args.sink.name());
            let times = || parked.iter().map(|one| one.received);
            let extent = Extent {
                count: parked.len() as u64,
                span: times().min().zip(times().max()),
                newest: parked.iter().map(|one| one.seq).max().unwrap_or(0),
            };
            (Some(parked.iter().map(|one| one.seq).collect()), extent)
        } else {
            (None, reader.extent(&filter)?)
        };
        Ok(Self {
            reader,
            filter,
            only,
            extent,
        })
    }

    /// The next items after number `after`, and the last number that was read; none at the end.
    /// Notifications received after the selection was made are left out.
    fn next(&self, after: u64, registry: &Registry) -> Result<Option<(Vec<Item>, u64)>, ReadError> {
        let Some(after) = self.skip(after) else {
            return Ok(None);
        };
        let records = self.reader.batch(&self.filter, after, BATCH)?;
        let Some(last) = records.last().map(|record| record.stored.seq) else {
            return Ok(None);
        };
        let records = records
            .into_iter()
            .filter(|record| self.wants(record.stored.seq));
        let items = records
            .map(|record| Item::decode(record, registry))
            .collect();
        Ok(Some((items, last)))
    }

    fn wants(&self, seq: u64) -> bool {
        let only = self.only.as_ref();
        seq <= self.extent.newest && only.is_none_or(|only| only.contains(&seq))
    }

    /// The number after which to read on, past those not selected; none at the end.
    fn skip(&self, after: u64) -> Option<u64> {
        let next = after.saturating_add(1);
        let wanted = match &self.only {
            Some(only) => *only.range(next..).next()?,
            None => next,
        };
        (wanted <= self.extent.newest).then(|| wanted.saturating_sub(1))
    }
}

/// Sends the selection again; 0 if all of it is sent, 1 if some is refused, 2 if it failed.
pub(super) fn run(args: &Args, config: &Config, registry: &Registry) -> ExitCode {
    let _log = match observe::init_logging(&config.log) {
        Ok(log) => log,
        Err(error) => return fail(&error, FAILED),
    };
    match replay(args, config, registry, &mut stdio::stdout()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error, FAILED),
    }
}

/// Sends the selection again. False if some of it is refused.
///
/// # Errors
/// If nothing is selected, or the sink's configuration cannot be used.
fn replay(
    args: &Args,
    config: &Config,
    registry: &Registry,
    out: &mut impl Write,
) -> Result<bool, ReplayError> {
    let selection = Selection::new(args, Reader::open(&config.data_dir)?)?;
    let Extent { count, span, .. } = selection.extent;
    let when = span.map_or_else(String::new, |(first, last)| {
        format!(", received from {first:.0} to {last:.0}")
    });
    let sink = args.sink.name();
    if args.dry_run || count == 0 {
        writeln!(out, "{count} notifications would be sent to {sink}{when}")?;
        return Ok(true);
    }
    writeln!(out, "sending {count} notifications to {sink}{when}")?;
    let sinks = &config.sinks;
    let tally = match args.sink {
        Destination::Kafka if !sinks.kafka.is_on() => {
            return Err(ReplayError::Off(sink, "brokers"));
        }
        Destination::Kafka => {
            let kafka = KafkaSink::new(&sinks.kafka, registry)?;
            send_alone(&selection, registry, kafka, sink, out)
        }
        Destination::Influxdb if !sinks.influxdb.is_on() => {
            return Err(ReplayError::Off(sink, "url"));
        }
        Destination::Influxdb => {
            let influxdb = InfluxdbSink::new(&sinks.influxdb, registry)?;
            send_alone(&selection, registry, influxdb, sink, out)
        }
    }?;
    let Tally {
        delivered,
        refused,
        damaged,
    } = tally;
    writeln!(
        out,
        "{delivered} sent, {refused} refused, {damaged} damaged"
    )?;
    Ok(refused == 0 && damaged == 0)
}

/// Sends on its own runtime. Ctrl-C ends the process: what was sent stays sent, and sending it
/// again does no harm.
fn send_alone<S: Sink<Item = Item>>(
    selection: &Selection,
    registry: &Registry,
    mut sink: S,
    name: &'static str,
    out: &mut impl Write,
) -> Result<Tally, ReplayError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let status = Status::new(name);
    runtime.block_on(send(selection, registry, &mut sink, &status, out))
}

/// Sends the selection in order; reports on `out` what is refused.
async fn send<S: Sink<Item = Item>>(
    selection: &Selection,
    registry: &Registry,
    sink: &mut S,
    status: &Status,
    out: &mut impl Write,
) -> Result<Tally, ReplayError> {
    let bar = progress::bar(selection.extent.count, "sending");
    let (mut after, mut tally) = (0, Tally::default());
    loop {
        let (items, last) = match selection.next(after, registry) {
            Ok(Some(next)) => next,
            Ok(None) => break,
            Err(ReadError::Damaged {
                first,
                last,
                problem,
                ..
            }) => {
                for seq in (first..=last).filter(|seq| selection.wants(*seq)) {
                    tally.damaged += 1;
                    writeln!(out, "{seq}: damaged: {problem}")?;
                }
                after = last;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let outcomes = if items.is_empty() {
            Vec::new()
        } else {
            sink.deliver(&items, status).await
        };
        for (item, outcome) in items.iter().zip(outcomes) {
            match outcome {
                Outcome::Delivered => tally.delivered += 1,
                Outcome::Refused(reason) => {
                    tally.refused += 1;
                    writeln!(out, "{}: refused: {}", item.seq(), visible(&reason))?;
                }
            }
        }
        bar.inc(items.len() as u64);
        after = last;
    }
    bar.finish_and_clear();
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use jiff::Timestamp;
    use notif_runtime::Encoding;

    use super::*;
    use crate::journal::{Bounds, Journal, Settled};
    use crate::notification::{Entry, Envelope};

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn args(line: &str) -> Args {
        let words = std::iter::once("replay").chain(line.split_whitespace());
        Cli::parse_from(words).args
    }

    /// A journal of ten notifications; the influxdb sink has 3 and 7 in quarantine.
    async fn journal() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), Bounds::NONE, &[INFLUXDB]).unwrap();
        for second in 1..=10 {
            let entry = Entry {
                received: Timestamp::from_second(second).unwrap(),
                event_time: None,
                publisher: if second % 2 == 0 { "even" } else { "odd" }.to_owned(),
                encoding: Encoding::Json,
                name: "a:b".to_owned(),
                body: b"{}".to_vec(),
                reading: None,
                envelope: Envelope::default(),
            };
            journal.append(entry).await.unwrap();
        }
        let settled = Settled {
            seq: 10,
            delivered: 8,
            missed: 0,
            quarantined: vec![(3, "x".to_owned()), (7, "y".to_owned())],
        };
        journal.settle(INFLUXDB.name, settled).await.unwrap();
        journal.close().await;
        dir
    }

    /// Takes all items but those whose number is divisible by three.
    #[derive(Default)]
    struct Fake(Vec<u64>);

    impl Sink for Fake {
        type Item = Item;

        async fn deliver(&mut self, items: &[Item], _: &Status) -> Vec<Outcome> {
            self.0.extend(items.iter().map(Feed::seq));
            let outcome = |item: &Item| match item.seq() % 3 {
                0 => Outcome::Refused("a third".to_owned()),
                _ => Outcome::Delivered,
            };
            items.iter().map(outcome).collect()
        }
    }

    #[tokio::test]
    async fn what_is_chosen_is_sent_in_order_and_refusals_are_told() {
        let dir = journal().await;
        let registry = crate::registry();
        for (line, sent, refused) in [
            ("influxdb --all", vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3),
            ("influxdb --quarantined", vec![3, 7], 1),
            ("kafka --quarantined", vec![], 0),
            (
                "influxdb --publisher even --since 1970-01-01T00:00:05Z",
                vec![6, 8, 10],
                1,
            ),
            ("kafka --name b --until 1970-01-01T00:00:03Z", vec![1, 2], 0),
        ] {
            let reader = Reader::open(dir.path()).unwrap();
            let selection = Selection::new(&args(line), reader).unwrap();
            assert_eq!(selection.extent.count, sent.len() as u64, "{line}");
            let (mut sink, mut out) = (Fake::default(), Vec::new());
            let status = Status::new("fake");
            let tally = send(&selection, &registry, &mut sink, &status, &mut out);
            let tally = tally.await.unwrap();
            assert_eq!(sink.0, sent, "{line}");
            assert_eq!(tally.refused, refused, "{line}");
            let out = String::from_utf8(out).unwrap();
            assert_eq!(out.matches("refused: a third").count() as u64, refused);
        }
    }

    #[tokio::test]
    async fn what_came_later_or_is_damaged_and_not_wanted_does_not_count() {
        let dir = journal().await;
        let select = |line| Selection::new(&args(line), Reader::open(dir.path()).unwrap()).unwrap();
        let (all, parked) = (select("influxdb --all"), select("influxdb --quarantined"));
        let file = rusqlite::Connection::open(dir.path().join(crate::journal::FILE)).unwrap();
        file.execute_batch(
            "INSERT INTO notification
                 (seq, id, received, event_time, publisher, encoding, name, size, body)
                 SELECT 11, id, received, event_time, publisher, encoding, name, size, body
                 FROM notification WHERE seq = 10;
             UPDATE notification SET body = x'00' WHERE seq IN (1, 5)",
        )
        .unwrap();
        for (selection, sent, damaged) in [
            (all, &[2, 3, 4, 6, 7, 8, 9, 10][..], 2),
            (parked, &[3, 7], 0),
        ] {
            let (mut sink, mut out, status) = (Fake::default(), Vec::new(), Status::new("fake"));
            let registry = crate::registry();
            let tally = send(&selection, &registry, &mut sink, &status, &mut out);
            assert_eq!(tally.await.unwrap().damaged, damaged);
            assert_eq!(sink.0, sent);
        }
    }

    #[tokio::test]
    async fn nothing_is_sent_by_mistake() {
        let dir = journal().await;
        let config = Config {
            data_dir: dir.path().to_owned(),
            ..Config::default()
        };
        let run = |line: &str| {
            let mut out = Vec::new();
            let done = replay(&args(line), &config, &crate::registry(), &mut out);
            done.map(|_| String::from_utf8(out).unwrap())
                .map_err(|error| error.to_string())
        };
        assert!(run("kafka").unwrap_err().contains("--since"));
        assert_eq!(
            run("kafka --all --dry-run").unwrap(),
            "10 notifications would be sent to kafka, received from 1970-01-01T00:00:01Z to 1970-01-01T00:00:10Z\n"
        );
        assert!(
            run("kafka --all")
                .unwrap_err()
                .contains("set sinks.kafka.brokers")
        );
    }
}
