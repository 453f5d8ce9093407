//! Columns by their names, and the one that was most likely meant.

use crate::fault::{Fault, Kind};
use crate::table::{Rows, TextColumn};
use linkmint::batch::columns::{Batch, Cells};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::table::{ColumnError, Header};

/// A column that can't be used, with what could be meant instead; `how` says how to name another.
pub(crate) fn fault(error: &ColumnError, header: &Header, how: &str) -> Fault {
    let fault = Fault::new(Kind::Column, error);
    match error {
        ColumnError::Unknown { name, names } => match nearest(header, name.trim_matches('"')) {
            Some(nearest) => fault.hint(format_args!(
                "did you mean {}? {how}; the table has {names}",
                Excerpt(nearest)
            )),
            None if header.names().is_empty() => fault.hint("the table has no columns"),
            None => fault.hint(format_args!("{how}; the table has {names}")),
        },
        ColumnError::Unclear { .. } => fault.hint("name the one that is meant exactly as the table has it"),
        _ => fault.hint("give each column that is used a name of its own"),
    }
}

/// The name of a column that is most like `name`.
fn nearest<'h>(header: &'h Header, name: &str) -> Option<&'h str> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let likeness = |other: &str| strsim::jaro_winkler(&plain(other), &plain(name));
    let names = header.names().iter().filter(|other| !other.is_empty());
    let best = names.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(best) > 0.8).then_some(best)
}

/// The column of an argument.
pub(crate) fn named(header: &Header, argument: &str, name: &str) -> Result<usize, Fault> {
    let column = header.column_alike(name);
    column.map_err(|error| fault(&error, header, &format!("{argument} names it")))
}

/// That a new column takes the place of none, or of an empty one.
pub(crate) fn check_free(rows: &Rows, header: &Header, name: &str, replace: bool) -> Result<(), Fault> {
    if name.trim_ascii().is_empty() {
        return Err(Fault::new(Kind::Usage, "a column needs a name"));
    }
    if name.contains('\0') {
        let message = format_args!("{}: no name of a column of Arrow can have a NUL", Excerpt(name));
        return Err(Fault::new(Kind::Usage, message).hint("give the new column another name"));
    }
    let column = header.find(name).map_err(|error| fault(&error, header, "rename one"))?;
    let Some(column) = column.filter(|_| !replace) else {
        return Ok(());
    };
    let parts = match rows.has_texts(column) {
        true => rows.texts(column)?,
        false => Vec::new(),
    };
    let mut first = 0;
    for (batch, part) in rows.batches.iter().zip(&parts) {
        let bad = part.out_of_range();
        let is_filled = |row: &usize| {
            let text = part.text(*row).unwrap_or_default();
            !text.trim_ascii().is_empty() || bad.contains(row)
        };
        if let Some(row) = (0..batch.num_rows()).find(is_filled) {
            let text = String::from_utf8_lossy(part.text(row).unwrap_or_default());
            let name = Harmless(name);
            let message = format_args!(
                "row {}, column {name}: the cell is filled already: {}",
                first + row,
                Excerpt(&text)
            );
            return Err(Fault::new(Kind::Column, message)
                .hint("replace=True overwrites it; or give the new column another name"));
        }
        first += batch.num_rows();
    }
    match rows.has_texts(column) {
        true => Ok(()),
        false => {
            let message = format_args!(
                "column {}: there is one already, and it is none of texts",
                Harmless(name)
            );
            Err(Fault::new(Kind::Column, message).hint("give the new column another name"))
        }
    }
}

/// The row numbers of a column: whole, and none twice unless it `may_repeat`.
pub(crate) fn row_numbers(rows: &Rows, column: usize, name: &str, may_repeat: bool) -> Result<Vec<u64>, Fault> {
    let fault = |row: usize, what: &str| {
        let message = format_args!("row {row}, column {}: {what}", Harmless(name));
        Fault::new(Kind::Column, message).hint("row names a column of whole numbers from 0, another in each row")
    };
    let texts = rows.texts(column)?;
    let mut numbers = Vec::with_capacity(rows.count());
    for (batch, part) in rows.batches.iter().zip(&texts) {
        for row in 0..batch.num_rows() {
            let text = part.text(row).map(<[u8]>::trim_ascii).unwrap_or_default();
            let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
            let number = number.filter(|number: &u64| *number < 1 << 48);
            let what = if text.is_empty() {
                "there is no row number"
            } else {
                "it is no row number"
            };
            numbers.push(number.ok_or_else(|| fault(numbers.len(), what))?);
        }
    }
    let is_ascending = numbers.is_sorted_by(|one, other| one < other);
    if !is_ascending && !may_repeat {
        let mut places: Vec<usize> = (0..numbers.len()).collect();
        places.sort_by_key(|place| numbers[*place]);
        let twice = places.windows(2).find(|pair| numbers[pair[0]] == numbers[pair[1]]);
        if let Some([_, later]) = twice.and_then(|pair| <&[usize; 2]>::try_from(pair).ok()) {
            return Err(fault(
                *later,
                "an earlier row has the same row number, and would have the same id",
            ));
        }
    }
    Ok(numbers)
}

/// Columns as the library takes them, batch by batch.
pub(crate) fn batches<'a>(rows: &Rows, columns: &'a [Vec<TextColumn>]) -> Vec<Batch<'a>> {
    let batch = |(place, batch): (usize, &arrow_array::RecordBatch)| {
        let of_column = |column: usize| {
            columns[column][place]
                .out_of_range()
                .into_iter()
                .map(move |row| (row, column))
        };
        let mut out_of_range: Vec<_> = (0..columns.len()).flat_map(of_column).collect();
        out_of_range.sort_unstable();
        Batch {
            rows: batch.num_rows(),
            columns: columns.iter().map(|column| &column[place] as &dyn Cells).collect(),
            out_of_range,
        }
    };
    rows.batches.iter().enumerate().map(batch).collect()
}
