use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::line::{Kind, Line};
use super::repeats::Repeats;
use super::writer::Lines;
use crate::config::LogFormat;

#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<(Kind, Line)>>>);

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = Line::new(event);
        self.0.lock().unwrap().push((line.kind(event), line));
    }
}

/// The lines logged by `logging`.
fn logged(logging: impl FnOnce()) -> Vec<(Kind, Line)> {
    let events = Events::default();
    let subscriber = tracing_subscriber::registry().with(events.clone());
    tracing::subscriber::with_default(subscriber, logging);
    let mut events = events.0.lock().unwrap();
    std::mem::take(&mut *events)
}

/// One line, without its time.
fn written(logging: impl FnOnce(), format: LogFormat) -> String {
    let (_, line) = logged(logging).remove(0);
    let text = line.text(format, false);
    match format {
        LogFormat::Json => text,
        LogFormat::Text => text.split_once(' ').unwrap().1.to_owned(),
    }
}

#[test]
fn values_are_quoted_once_and_nothing_speaks_to_a_terminal() {
    let log = || {
        let error = io::Error::other("no\nroom\u{1b}[2J\u{9b}");
        let path = Some("/a[b='c\u{202e}']");
        tracing::warn!(%error, path, faults = 3, ok = true, none = None::<&str>, "see\r\n{}", 'x');
    };
    assert_eq!(
        written(log, LogFormat::Text),
        " WARN see\\r\\nx error=\"no\\nroom\\u{1b}[2J\\u{9b}\" path=\"/a[b='c\\u{202e}']\" faults=3 ok=true\n"
    );
    let json = written(log, LogFormat::Json);
    assert!(
        json.contains("\\u009b\"") && json.contains("\\u202e"),
        "{json}"
    );
    assert_eq!(
        json.matches(|c: char| c.is_control()).collect::<Vec<_>>(),
        ["\n"]
    );
    let json: Value = serde_json::from_str(&json).unwrap();
    for (name, value) in [
        ("level", json!("WARN")),
        ("message", json!("see\r\nx")),
        ("error", json!("no\nroom\u{1b}[2J\u{9b}")),
        ("path", json!("/a[b='c\u{202e}']")),
        ("faults", json!(3)),
        ("ok", json!(true)),
        ("target", json!(module_path!())),
    ] {
        assert_eq!(json[name], value, "{json}");
    }
}

#[test]
fn a_line_is_short_whatever_it_tells_of() {
    let long = "\u{9b}é".repeat(1 << 20);
    for format in [LogFormat::Text, LogFormat::Json] {
        let line = written(|| tracing::info!(a = long, b = ?long, "{long}"), format);
        assert!(line.len() < 70_000, "{}", line.len());
    }
}

/// Lines about these publishers.
fn about(publishers: impl Iterator<Item = u32>) -> Vec<(Kind, Line)> {
    logged(|| publishers.for_each(|publisher| refused(&publisher.to_string(), 400)))
}

fn refused(publisher: &str, status: u16) {
    tracing::warn!(publisher, status, "refused");
}

#[test]
fn a_publisher_has_a_line_a_second_of_each_kind() {
    let (start, second) = (Instant::now(), Duration::from_secs(1));
    let mut repeats = Repeats::default();
    let pass = |repeats: &mut Repeats, publisher, status, at| {
        let (kind, line) = logged(|| refused(publisher, status)).remove(0);
        repeats.pass(kind, line, at).is_some()
    };
    assert!(pass(&mut repeats, "a", 400, start));
    assert!(pass(&mut repeats, "a", 415, start), "another kind");
    assert!(pass(&mut repeats, "b", 400, start), "another publisher");
    for _ in 0..1000 {
        assert!(!pass(&mut repeats, "a", 400, start));
    }
    assert!(!pass(&mut repeats, "b", 400, start));
    assert!(repeats.due(start + second / 2).is_empty());
    let due: HashSet<_> = repeats
        .due(start + second)
        .iter()
        .map(|line| line.text(LogFormat::Text, false))
        .map(|line| line.split_once("refused ").unwrap().1.to_owned())
        .collect();
    let expected = [
        "publisher=\"a\" status=400, and 999 more like this\n",
        "publisher=\"b\" status=400\n",
    ];
    assert_eq!(due, HashSet::from(expected.map(str::to_owned)));
    // The flood goes on: the next line is due a second after this one.
    assert!(!pass(&mut repeats, "a", 400, start + second));
    assert!(repeats.due(start + second * 3 / 2).is_empty());
    assert_eq!(repeats.due(start + second * 2).len(), 1);
    assert!(repeats.due(start + second * 3).is_empty());
    assert!(repeats.is_empty(), "what is over is forgotten");
    assert!(pass(&mut repeats, "a", 400, start + second * 3));
}

#[test]
fn many_publishers_share_a_line() {
    const MANY: u32 = 10_000;
    let (start, second) = (Instant::now(), Duration::from_secs(1));
    let mut repeats = Repeats::default();
    let at_once = about(0..MANY)
        .into_iter()
        .filter_map(|(kind, line)| repeats.pass(kind, line, start));
    let at_once = at_once.count();
    assert!(at_once <= 33, "{at_once}");
    let due = repeats.due(start + second);
    assert_eq!(due.len(), 1);
    let line = due[0].text(LogFormat::Json, false);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["publisher"], "many");
    assert_eq!(line["more"], u64::from(MANY) - at_once as u64 - 1);
}

/// A writer that writes only when told to, and fails the first few times.
struct Reluctant {
    failures: usize,
    go: Receiver<()>,
    out: Sender<Vec<u8>>,
}

impl Write for Reluctant {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failures > 0 {
            self.failures -= 1;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.go.recv().unwrap();
        let some = bytes.get(..7).unwrap_or(bytes);
        self.out.send(some.to_owned()).unwrap();
        Ok(some.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_that_cannot_be_written_are_kept_or_counted() {
    let lines = Arc::new(Lines::default());
    let (go, may_go) = mpsc::channel();
    let (out, written) = mpsc::channel();
    let mut out = Reluctant {
        failures: 2,
        go: may_go,
        out,
    };
    let writer = Arc::clone(&lines);
    thread::spawn(move || {
        loop {
            let mut batch = writer.take(None);
            if batch.lost > 0 {
                writeln!(batch.lines, "{} lost", batch.lost).unwrap();
            }
            writer.write(&batch.lines, &mut out);
        }
    });
    lines.push("one\n");
    let start = Instant::now();
    lines.flush(Duration::from_millis(50));
    assert!(start.elapsed() < Duration::from_secs(5), "it does not wait");
    let line = "x".repeat(999) + "\n";
    (0..3000).for_each(|_| lines.push(&line));
    let lost = lines.lost.get();
    assert!((1000..3000).contains(&lost), "{lost}");
    (0..1 << 20).for_each(|_| go.send(()).unwrap());
    lines.flush(Duration::from_secs(60));
    let text: Vec<u8> = written.try_iter().flatten().collect();
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.starts_with("one\nx"),
        "what waited is there, in its order"
    );
    assert!(text.ends_with(&format!("x\n{lost} lost\n")));
    assert_eq!(text.lines().count() as u64, 3000 - lost + 2);
    lines.push("last\n");
    lines.flush(Duration::from_secs(60));
    let after: Vec<u8> = written.try_iter().flatten().collect();
    assert_eq!(after, b"last\n");
}
