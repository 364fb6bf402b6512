//! The time of a point.

use notif_runtime::notification::Notification;

use crate::sink::Item;

/// The range of times in InfluxDB: nanoseconds in 64 bits, without a few values at each end.
const TIMES: std::ops::RangeInclusive<i64> = (i64::MIN + 2)..=(i64::MAX - 1);

/// The time of the event in nanoseconds since 1970, or of the receipt if the message has none. A
/// leap second counts as the first second of the next minute.
///
/// # Errors
/// If the time is outside InfluxDB's range.
pub(super) fn of(item: &Item) -> Result<i64, String> {
    let event_time = item.notification.as_ref().ok();
    let Some(event_time) = event_time.and_then(Notification::event_time) else {
        return nanoseconds(item.record.entry.received.as_nanosecond())
            .ok_or_else(|| outside(&item.record.entry.received));
    };
    event_time
        .timestamp()
        .and_then(|time| nanoseconds(time.as_nanosecond()))
        .ok_or_else(|| outside(&event_time))
}

fn nanoseconds(time: i128) -> Option<i64> {
    let time = i64::try_from(time).ok()?;
    TIMES.contains(&time).then_some(time)
}

fn outside(time: &dyn std::fmt::Display) -> String {
    format!("the time {time} is outside of what InfluxDB holds, which is the years 1678 to 2261")
}
