//! The native part of the Python package `linkmint`: keys, tokens, and tables by Arrow.
//!
//! Everything a caller sees is in `lib/linkmint`; here arguments become what the library takes, and its answers become
//! Python's. All work over tables is done without the interpreter's lock.

mod columns;
mod digest;
mod fault;
mod generate;
mod interrupt;
mod keyring;
mod ledger;
mod meaning;
mod minter;
mod spare;
mod table;
mod verifier;
mod verify;

/// What `import linkmint._linkmint` finds.
#[pyo3::pymodule]
mod _linkmint {
    #[pymodule_export]
    use crate::digest::digest;
    #[pymodule_export]
    use crate::generate::{generate, outline};
    #[pymodule_export]
    use crate::keyring::PyKeyring;
    #[pymodule_export]
    use crate::ledger::{check_ledger, record_run};
    #[pymodule_export]
    use crate::meaning::draw_id;
    #[pymodule_export]
    use crate::minter::{Minted, Minter};
    #[pymodule_export]
    use crate::table::Table;
    #[pymodule_export]
    use crate::verifier::{Token, Unverified, Verdict, Verifier, inspect, second};
    #[pymodule_export]
    use crate::verify::verify;
}
