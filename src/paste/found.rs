//! What was found in a view: a place, and the ways to read it.

use super::cleaning::Cleaning;
use crate::token::shape;
use std::ops::Range;

/// One way to read a place in a view.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) span: Range<usize>,
    pub(super) text: Vec<u8>,
    /// What was undone to put it together.
    pub(super) undone: Vec<Cleaning>,
}

impl Reading {
    pub(super) fn plain(text: &[u8], span: Range<usize>) -> Self {
        Self {
            text: text[span.clone()].to_vec(),
            span,
            undone: Vec::new(),
        }
    }

    pub(super) fn is_shaped(&self) -> bool {
        shape::shaped(&self.text)
    }
}

/// A place with what it most likely says first, and what else it may say.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) reading: Reading,
    pub(super) others: Vec<Reading>,
}

impl Found {
    pub(super) fn alone(reading: Reading) -> Self {
        Self {
            reading,
            others: Vec::new(),
        }
    }

    pub(super) fn into_readings(self) -> Vec<Reading> {
        let mut readings = vec![self.reading];
        readings.extend(self.others);
        readings
    }
}
