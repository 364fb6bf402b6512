//! Data that tests of several rooms share.

pub(crate) mod alarms;
