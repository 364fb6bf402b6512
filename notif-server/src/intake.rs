//! What must have happened before a publisher gets 204.

use std::sync::Arc;
use std::time::Duration;

use notif_runtime::notification::Notification;

use crate::journal::{AppendError, Entry, Journal, Rejection};

/// Where notifications go before they are acknowledged.
#[derive(Debug)]
#[non_exhaustive]
pub enum Intake {
    /// Onto this machine's disk.
    Journal(Arc<Journal>),
}

/// Why a notification is not taken. Nothing is lost: the publisher keeps it and tries again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NotTaken {
    /// What stands in the way.
    pub reason: String,
    /// When to try again.
    pub retry_after: Duration,
}

impl From<AppendError> for NotTaken {
    fn from(error: AppendError) -> Self {
        let seconds = match error {
            AppendError::Busy => 1,
            _ => 10,
        };
        Self {
            reason: error.to_string(),
            retry_after: Duration::from_secs(seconds),
        }
    }
}

impl Intake {
    /// Takes a notification: when this returns, a crash cannot lose it.
    ///
    /// # Errors
    /// If it is not taken.
    pub async fn take(&self, entry: Entry, _notification: Notification) -> Result<(), NotTaken> {
        match self {
            Self::Journal(journal) => journal.append(entry).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Keeps a notification that is refused for its faults, without waiting for it.
    pub fn reject(&self, rejection: Rejection) {
        match self {
            Self::Journal(journal) => journal.reject(rejection),
        }
    }

    /// Whether notifications are taken.
    ///
    /// # Errors
    /// Why not.
    pub fn health(&self) -> Result<(), String> {
        match self {
            Self::Journal(journal) => journal.health(),
        }
    }
}
