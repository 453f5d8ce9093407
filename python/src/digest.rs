//! What tells rows from others: as Spark's `xxhash64` makes it of a row's number and its texts.

use crate::fault::{Fault, Kind};
use crate::table::{Rows, TextColumn};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use linkmint::batch::columns::Cells;
use pyo3::prelude::*;
use twox_hash::XxHash64;

/// The first seed; each value's hash is the seed of the next one's.
const SEED: u64 = 42;

/// The digests of all rows, one upon the other: of each the number in that column, and the texts of these. None is as an
/// empty one.
#[pyfunction]
pub(crate) fn digest(py: Python<'_>, stream: &Bound<'_, PyAny>, number: &str, texts: Vec<String>) -> PyResult<i64> {
    let rows = Rows::read(py, stream)?;
    Ok(py.detach(|| digest_of(&rows, number, &texts))?)
}

fn digest_of(rows: &Rows, number: &str, texts: &[String]) -> Result<i64, Fault> {
    let place = |name: &str| {
        let place = rows.schema.index_of(name);
        place.map_err(|error| Fault::new(Kind::Internal, error))
    };
    let number = place(number)?;
    let texts = texts.iter().map(|name| rows.texts(place(name)?));
    let texts: Vec<Vec<TextColumn>> = texts.collect::<Result<_, _>>()?;
    let mut all = 0;
    for (part, batch) in rows.batches.iter().enumerate() {
        let numbers = batch.column(number).as_primitive::<Int64Type>();
        for (row, number) in numbers.values().iter().enumerate() {
            let of_number = XxHash64::oneshot(SEED, &number.to_le_bytes());
            all ^= texts.iter().fold(of_number, |seed, text| {
                XxHash64::oneshot(seed, text[part].text(row).unwrap_or_default())
            });
        }
    }
    Ok(all.cast_signed())
}
