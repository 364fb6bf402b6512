//! The limit of open files, of which each connection needs one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files besides connections: the journal and its readers, sinks, libraries, the log.
const OTHERS: u64 = 128;

/// Raises the limit of open files as far as the system allows, and returns the number of configured
/// connections that fit into it.
pub(super) fn connections(configured: usize) -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit = raised;
        }
    }
    let Some(files) = limit.current else {
        return configured;
    };
    let allowed = allowed(files, configured);
    if allowed < configured {
        tracing::warn!(
            "limits.max-connections is {configured}, but this process may open {files} files only: it takes {allowed} connections at most. Raise the limit (`ulimit -n`, LimitNOFILE= of systemd, --ulimit nofile= of a container), or lower limits.max-connections"
        );
    }
    allowed
}

/// The number of connections for this many files: those left after the others, or half if there are
/// very few.
fn allowed(files: u64, configured: usize) -> usize {
    let left = files.saturating_sub(OTHERS).max(files / 2).max(1);
    usize::try_from(left).map_or(configured, |left| left.min(configured))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_others() {
        assert_eq!(allowed(20_000, 10_000), 10_000);
        assert_eq!(allowed(1024, 10_000), 896);
        assert_eq!(allowed(100, 10_000), 50);
        assert_eq!(allowed(0, 10_000), 1);
    }
}
