//! Rows in, rows out: in order, on all cores, in memory that does not grow with the list.

pub mod pool;
