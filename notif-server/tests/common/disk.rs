//! A small file system for a test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of a few MiB, while it is in use.
pub(crate) struct SmallDisk(pub(crate) PathBuf);

impl SmallDisk {
    /// None if this user may not mount one.
    pub(crate) fn mount(at: &Path, mib: u32) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"])
            .arg(at)
            .output()
            .unwrap();
        mounted.status.success().then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
