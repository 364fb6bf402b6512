//! Errors of `query`.

use std::io;

use super::influxdb::InfluxdbQueryError;
use crate::journal::{OpenError, ReadError};
use notif_runtime::path::PathError;

/// Errors of a query.
#[derive(Debug, thiserror::Error)]
pub(super) enum QueryError {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{0}")]
    Influxdb(InfluxdbQueryError),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

impl From<InfluxdbQueryError> for QueryError {
    fn from(error: InfluxdbQueryError) -> Self {
        match error {
            InfluxdbQueryError::Print(error) => Self::Print(error),
            other => Self::Influxdb(other),
        }
    }
}
