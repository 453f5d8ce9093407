//! Text for a terminal, as wide as it is shown.

pub(crate) mod table;
