//! The day and the hour of a time, looked up once for each quarter of an hour.

use crate::ledger::QUARTER;
use crate::moment::{Day, Hour, UnixTime, Zone};
use std::collections::HashMap;

/// A time as a calendar has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct CalendarTime {
    pub(super) day: Day,
    pub(super) hour: Hour,
    /// From 0 to 23.
    pub(super) hour_of_day: u8,
}

/// The calendar of a zone.
#[derive(Debug)]
pub(super) struct Calendar {
    zone: Zone,
    known: HashMap<u32, CalendarTime>,
}

impl Calendar {
    pub(super) fn new(zone: &Zone) -> Self {
        Self {
            zone: zone.clone(),
            known: HashMap::new(),
        }
    }

    pub(super) fn time(&mut self, seconds: u32) -> CalendarTime {
        let (zone, quarter) = (&self.zone, seconds / QUARTER);
        *self.known.entry(quarter).or_insert_with(|| {
            let time = UnixTime(quarter * QUARTER);
            CalendarTime {
                day: Day::of(time, zone),
                hour: Hour::of(time, zone),
                hour_of_day: zone.hour_of_day(time),
            }
        })
    }
}
