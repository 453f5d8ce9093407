//! How answers are told: to people, and to programs.

pub(crate) mod answer;
pub(crate) mod look;
pub(crate) mod progress;
pub(crate) mod run;
pub(crate) mod summary_file;
