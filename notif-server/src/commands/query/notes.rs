//! Notes beside an answer, on standard error.

use std::io::{self, Write};

use notif_runtime::path::Path;

/// Says that there are more notifications.
pub(super) fn newest(limit: usize, notes: &mut impl Write) -> io::Result<()> {
    writeln!(
        notes,
        "these are the newest {limit}; --limit NUMBER or --all shows more"
    )
}

/// Says that notifications were found, but nothing at the paths.
pub(super) fn explain_paths(read: usize, paths: &[Path], notes: &mut impl Write) -> io::Result<()> {
    let paths: Vec<_> = paths.iter().map(ToString::to_string).collect();
    writeln!(
        notes,
        "none of the {read} notifications that were looked at has {}: leave out what is in \
         brackets to see what there is, or look at more with --all",
        paths.join(" or ")
    )
}
