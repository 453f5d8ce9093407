//! Tables by the Arrow PyCapsule interface: any stream comes in, and goes out with its new columns.

use crate::fault::{Fault, Kind};
use crate::generate::Made;
use arrow_array::cast::AsArray;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{Date64Type, Float16Type, Int8Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, Date32Array, Float32Array, LargeBinaryArray, RecordBatch,
    RecordBatchIterator, RecordBatchReader, TimestampMicrosecondArray, make_array,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_pyarrow::PyArrowType;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use linkmint::batch::columns::Cells;
use linkmint::excerpt::Harmless;
use linkmint::table::Header;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Rows of one batch: the texts of so many have room below the 2 GiB that Arrow's ends can say.
const MOST_ROWS: usize = 1 << 19;

/// A table, made or as it came in.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
    /// How many batches it came in.
    pub(crate) came_in: usize,
}

impl Rows {
    /// Reads all of a stream. It may call back into Python, on whatever thread.
    pub(crate) fn read(py: Python<'_>, stream: &Bound<'_, PyAny>) -> PyResult<Self> {
        // of a name that is not UTF-8, arrow-rs makes a panic
        let extract = || stream.extract::<PyArrowType<RecordBatchStreamReader>>();
        let reader = catch_unwind(AssertUnwindSafe(extract)).map_err(|_| {
            let fault = Fault::new(Kind::Table, "the name of a column is not UTF-8");
            fault.hint("give every column a name that is a text")
        })?;
        let reader = reader.map_err(|error| {
            // Ctrl-C and an end that was asked for are no faults of the table
            if !error.is_instance_of::<PyException>(py) {
                return error;
            }
            let fault = match error.to_string().contains("invalid utf-8 sequence") {
                true => Fault::new(Kind::Table, "metadata of the table or of a column is not UTF-8")
                    .hint("take it away, as table.replace_schema_metadata(None); or make a pyarrow.Table of it first"),
                false => Fault::new(Kind::Table, format_args!("the table can't be read as Arrow: {error}"))
                    .hint("pyarrow.table(…) makes a table of most things"),
            };
            PyErr::from(fault)
        })?;
        let read = py.detach(|| Self::of_reader(reader.0));
        Ok(read.map_err(|error| Fault::new(Kind::Table, format_args!("the table can't be read on: {error}")))?)
    }

    fn of_reader(reader: impl RecordBatchReader) -> Result<Self, ArrowError> {
        let schema = reader.schema();
        let (mut batches, mut came_in) = (Vec::new(), 0);
        for batch in reader {
            let batch = batch?;
            came_in += usize::from(batch.num_rows() > 0);
            for start in (0..batch.num_rows()).step_by(MOST_ROWS) {
                batches.push(batch.slice(start, MOST_ROWS.min(batch.num_rows() - start)));
            }
        }
        Ok(Self {
            schema,
            batches,
            came_in,
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The first of them, of one batch.
    pub(crate) fn first(&self, most: usize) -> Self {
        let filled = self.batches.iter().find(|batch| batch.num_rows() > 0);
        Self {
            schema: Arc::clone(&self.schema),
            batches: filled
                .map(|batch| batch.slice(0, most.min(batch.num_rows())))
                .into_iter()
                .collect(),
            came_in: self.came_in,
        }
    }

    pub(crate) fn header(&self) -> Header {
        Header::of_names(self.schema.fields().iter().map(|field| field.name().clone()).collect())
    }

    /// The texts of a column, batch by batch.
    pub(crate) fn texts(&self, column: usize) -> Result<Vec<TextColumn>, Fault> {
        let field = self.schema.field(column);
        let texts = self
            .batches
            .iter()
            .map(|batch| TextColumn::of_field(field, batch.column(column)));
        texts.collect::<Result<_, _>>().map_err(|what| {
            let name = Harmless(field.name());
            let fault = Fault::new(
                Kind::Column,
                format_args!("column {name}: its cells are {what}, and not texts"),
            );
            fault.hint("make texts or numbers of them first, or leave the column out")
        })
    }

    /// Whether texts can be made of a column.
    pub(crate) fn has_texts(&self, column: usize) -> bool {
        let field = self.schema.field(column);
        meaning(field).is_some_and(|meaning| meaning != Meaning::Storage || has_texts(field.data_type()))
    }

    /// The same rows in parts of these lengths, which end where batches do; an error where they are not all of the rows, as
    /// what was made would go to others.
    fn in_parts(self, lengths: impl Iterator<Item = usize>) -> Result<Self, Fault> {
        let other_rows = || {
            Fault::new(
                Kind::Internal,
                "other rows came out than went in: this is a fault of linkmint",
            )
        };
        let mut parts = Vec::new();
        let mut batches = self.batches.into_iter().filter(|batch| batch.num_rows() > 0);
        let mut rest: Option<RecordBatch> = None;
        for length in lengths {
            let batch = rest.take().or_else(|| batches.next()).ok_or_else(other_rows)?;
            let more = batch.num_rows().checked_sub(length).ok_or_else(other_rows)?;
            parts.push(batch.slice(0, length));
            rest = (more > 0).then(|| batch.slice(length, more));
        }
        match rest.is_some() || batches.next().is_some() {
            true => Err(other_rows()),
            false => Ok(Self { batches: parts, ..self }),
        }
    }

    /// Puts new columns behind the others, in place of those of their names; `parts` has those of some rows each, which are
    /// all rows in their order.
    pub(crate) fn with(self, added: Vec<Field>, parts: Vec<Vec<ArrayRef>>) -> Result<Table, Fault> {
        let length = |part: &Vec<ArrayRef>| part.first().map_or(0, |column| column.len());
        let this = self.in_parts(parts.iter().map(length))?;
        this.with_parts(added, parts)
    }

    fn with_parts(self, added: Vec<Field>, parts: Vec<Vec<ArrayRef>>) -> Result<Table, Fault> {
        let is_new = |name: &str| added.iter().any(|field| field.name() == name);
        let kept: Vec<usize> = (0..self.schema.fields().len())
            .filter(|column| !is_new(self.schema.field(*column).name()))
            .collect();
        let own = kept.iter().map(|column| Arc::clone(&self.schema.fields()[*column]));
        let new = added.iter().map(|field| FieldRef::new(field.clone()));
        let fields: Vec<FieldRef> = own.chain(new).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, self.schema.metadata().clone()));
        let batch = |(batch, new): (&RecordBatch, Vec<ArrayRef>)| {
            let own = kept.iter().map(|column| Arc::clone(batch.column(*column)));
            let columns: Vec<ArrayRef> = own.chain(new).collect();
            RecordBatch::try_new(held_as(&schema, &columns), columns)
        };
        let batches: Result<_, _> = self.batches.iter().zip(parts).map(batch).collect();
        Ok(Table {
            batches: batches.map_err(|error| Fault::new(Kind::Internal, error))?,
            added: added.iter().map(|field| field.name().clone()).collect(),
            schema,
            made: None,
        })
    }
}

/// The texts of a column of one batch. They are held as bytes: that they are UTF-8 nobody has looked at, and a text of Rust
/// must be.
pub(crate) enum TextColumn {
    Short(BinaryArray),
    Long(LargeBinaryArray),
    View(BinaryViewArray),
    /// Texts, and which of them each row has.
    Keyed(Vec<Option<usize>>, Box<TextColumn>),
    /// Texts, and the rows whose values have none.
    Partly(BinaryArray, Vec<usize>),
    Null,
}

impl Cells for TextColumn {
    #[inline]
    fn text(&self, row: usize) -> Option<&[u8]> {
        match self {
            TextColumn::Short(array) | TextColumn::Partly(array, _) => array.is_valid(row).then(|| array.value(row)),
            TextColumn::Long(array) => array.is_valid(row).then(|| array.value(row)),
            TextColumn::View(array) => array.is_valid(row).then(|| array.value(row)),
            TextColumn::Keyed(keys, texts) => keys[row].and_then(|key| texts.text(key)),
            TextColumn::Null => None,
        }
    }
}

/// What the cells of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// What they are stored as.
    Storage,
    /// Booleans in bytes.
    Bool8,
    /// Ids of 16 bytes.
    Uuid,
}

/// That of a column, where it is known: an extension of Arrow's types may mean anything by the numbers it stores, as a month
/// by how many came before it, but a text by nothing else.
fn meaning(field: &Field) -> Option<Meaning> {
    let is_text = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    match (field.extension_type_name(), field.data_type()) {
        (None, _) => Some(Meaning::Storage),
        (Some("arrow.bool8"), DataType::Int8) => Some(Meaning::Bool8),
        (Some("arrow.uuid"), DataType::FixedSizeBinary(16)) => Some(Meaning::Uuid),
        (_, DataType::Dictionary(_, values)) if is_text(values) => Some(Meaning::Storage),
        (_, kind) => is_text(kind).then_some(Meaning::Storage),
    }
}

/// An id of 16 bytes as RFC 9562 writes it.
fn uuid(bytes: &[u8]) -> String {
    let digits = format!("{:032x}", u128::from_be_bytes(bytes.try_into().unwrap_or_default()));
    [0..8, 8..12, 12..16, 16..20, 20..32]
        .map(|part| &digits[part])
        .join("-")
}

/// A count of parts of a second, with all its digits.
fn seconds(count: i64, per_second: u64) -> String {
    let sign = if count < 0 { "-" } else { "" };
    let (whole, part) = (count.unsigned_abs() / per_second, count.unsigned_abs() % per_second);
    let width = per_second.ilog10() as usize;
    match part {
        0 => format!("{sign}{whole}s"),
        part => format!("{sign}{whole}.{}s", format!("{part:0width$}").trim_end_matches('0')),
    }
}

fn has_texts(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => has_texts(values),
        kind => {
            kind.is_numeric()
                || matches!(
                    kind,
                    DataType::Null
                        | DataType::Boolean
                        | DataType::Utf8
                        | DataType::LargeUtf8
                        | DataType::Utf8View
                        | DataType::Date32
                        | DataType::Date64
                        | DataType::Time32(_)
                        | DataType::Time64(_)
                        | DataType::Timestamp(..)
                        | DataType::Duration(_)
                )
        }
    }
}

impl TextColumn {
    /// The texts of what a column's cells mean, which may be other than how they are stored.
    fn of_field(field: &Field, array: &ArrayRef) -> Result<Self, String> {
        match meaning(field) {
            Some(Meaning::Storage) => Self::of(array),
            Some(Meaning::Bool8) => {
                let texts = array.as_primitive::<Int8Type>().iter();
                let text = |byte: i8| if byte == 0 { "false" } else { "true" };
                Ok(TextColumn::Short(texts.map(|byte| byte.map(text)).collect()))
            }
            Some(Meaning::Uuid) => {
                let texts = array.as_fixed_size_binary().iter();
                Ok(TextColumn::Short(texts.map(|bytes| bytes.map(uuid)).collect()))
            }
            None => Err(format!(
                "of the type {}",
                Harmless(field.extension_type_name().unwrap_or_default())
            )),
        }
    }

    /// As a list would have them: whole numbers by their digits, instants in RFC 3339, durations with their unit. The
    /// error says what the cells are, where they are no texts.
    fn of(array: &ArrayRef) -> Result<Self, String> {
        match array.data_type() {
            DataType::Utf8 => Ok(TextColumn::Short(array.as_string().clone().into())),
            DataType::LargeUtf8 => Ok(TextColumn::Long(array.as_string().clone().into())),
            DataType::Utf8View => Ok(TextColumn::View(array.as_string_view().clone().to_binary_view())),
            DataType::Null => Ok(TextColumn::Null),
            kind if !has_texts(kind) => Err(plural(kind)),
            DataType::Dictionary(..) => Self::keyed(array),
            // a day is a day, however it is counted
            DataType::Date64 => {
                // one beyond all days is beyond those that have a text
                let day = |millis: i64| i32::try_from(millis.div_euclid(86_400_000)).unwrap_or(i32::MAX);
                let days: Date32Array = array.as_primitive::<Date64Type>().unary(day);
                texts_of(&(Arc::new(days) as ArrayRef), |text| text)
            }
            DataType::Float16 => {
                let wide: Float32Array = array.as_primitive::<Float16Type>().unary(f32::from);
                Self::of(&(Arc::new(wide) as ArrayRef))
            }
            // a number that is none of a column of whole ones shows it
            DataType::Float32 | DataType::Float64 => texts_of(array, |text| match text.split_once('e') {
                Some((digits, power)) if !digits.contains('.') => format!("{digits}.0e{power}"),
                _ => text,
            }),
            DataType::Timestamp(unit, Some(_)) => {
                // its numbers count in UTC
                let civil = seen_as(array, DataType::Timestamp(*unit, None))?;
                texts_of(&civil, |text| format!("{text}Z"))
            }
            DataType::Duration(unit) => {
                let per_second = match unit {
                    TimeUnit::Second => 1,
                    TimeUnit::Millisecond => 1_000,
                    TimeUnit::Microsecond => 1_000_000,
                    TimeUnit::Nanosecond => 1_000_000_000,
                };
                let counts = seen_as(array, DataType::Int64)?;
                let counts = counts.as_primitive::<Int64Type>().iter();
                let texts = counts.map(|count| count.map(|count| seconds(count, per_second)));
                Ok(TextColumn::Short(texts.collect()))
            }
            _ => texts_of(array, |text| text),
        }
    }

    /// The rows whose values have no text, in their order.
    pub(crate) fn out_of_range(&self) -> Vec<usize> {
        match self {
            TextColumn::Partly(_, rows) => rows.clone(),
            TextColumn::Keyed(keys, texts) => {
                let bad = texts.out_of_range();
                let is_bad = |key: &Option<usize>| key.is_some_and(|key| bad.binary_search(&key).is_ok());
                (0..keys.len())
                    .filter(|row| !bad.is_empty() && is_bad(&keys[*row]))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// Of a dictionary: each of its texts is made once.
    fn keyed(array: &ArrayRef) -> Result<Self, String> {
        let dictionary = array.as_any_dictionary();
        let texts = Self::of(dictionary.values())?;
        let keys = match dictionary.values().is_empty() {
            true => vec![None; array.len()],
            false => {
                let keys = dictionary.normalized_keys().into_iter().enumerate();
                keys.map(|(row, key)| array.is_valid(row).then_some(key)).collect()
            }
        };
        Ok(TextColumn::Keyed(keys, Box::new(texts)))
    }
}

/// The same numbers under another type of the same layout.
fn seen_as(array: &ArrayRef, kind: DataType) -> Result<ArrayRef, String> {
    let data = array.to_data().into_builder().data_type(kind).build();
    data.map(make_array).map_err(|error| error.to_string())
}

/// What Arrow writes for each value.
fn texts_of(array: &ArrayRef, change: impl Fn(String) -> String) -> Result<TextColumn, String> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(array, &options).map_err(|error| error.to_string())?;
    let mut out_of_range = Vec::new();
    let text = |row| {
        let text = array.is_valid(row).then(|| formatter.value(row).try_to_string())?;
        out_of_range.extend(text.is_err().then_some(row));
        text.ok().map(&change)
    };
    let texts: BinaryArray = (0..array.len()).map(text).collect();
    Ok(match out_of_range.is_empty() {
        true => TextColumn::Short(texts),
        false => TextColumn::Partly(texts, out_of_range),
    })
}

/// What the cells of a column are, for a sentence.
fn plural(kind: &DataType) -> String {
    match kind {
        DataType::Dictionary(_, values) => plural(values),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) | DataType::ListView(_) => {
            "lists".to_owned()
        }
        DataType::Struct(_) => "structs".to_owned(),
        DataType::Map(..) => "maps".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            "bytes".to_owned()
        }
        other => format!("of the type {other}"),
    }
}

/// A column of texts, held as bytes, which lie the same way: that they are UTF-8 is known, and a look through all of them
/// takes a tenth of the run. `is_there` says which rows have one.
pub(crate) fn text_array(ends: Vec<i32>, bytes: Buffer, is_there: Option<NullBuffer>) -> Result<ArrayRef, Fault> {
    let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
    let array = BinaryArray::try_new(ends, bytes, is_there);
    Ok(Arc::new(array.map_err(|error| Fault::new(Kind::Internal, error))?))
}

/// The schema with the types that these columns are held as. A stream's schema is told by itself, and rules over them.
fn held_as(schema: &Schema, columns: &[ArrayRef]) -> SchemaRef {
    let held =
        |(field, column): (&FieldRef, &ArrayRef)| field.as_ref().clone().with_data_type(column.data_type().clone());
    let fields: Vec<Field> = schema.fields().iter().zip(columns).map(held).collect();
    Arc::new(Schema::new(fields))
}

/// A column of instants in UTC, of seconds since 1970; 0 is none.
pub(crate) fn time_array(seconds: &[u32]) -> ArrayRef {
    let nulls = seconds
        .contains(&0)
        .then(|| seconds.iter().map(|seconds| *seconds != 0).collect());
    let micros: Vec<i64> = seconds.iter().map(|seconds| i64::from(*seconds) * 1_000_000).collect();
    Arc::new(TimestampMicrosecondArray::new(micros.into(), nulls).with_timezone("UTC"))
}

pub(crate) fn text_field(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

pub(crate) fn time_field(name: &str) -> Field {
    Field::new(
        name,
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        true,
    )
}

/// A table that any reader of Arrow takes, by the PyCapsule interface.
#[pyclass(module = "linkmint", frozen)]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    /// The names of the columns that were added.
    #[pyo3(get)]
    added: Vec<String>,
    /// What the run has made, where it was one.
    #[pyo3(get, name = "_made")]
    made: Option<Made>,
}

impl Table {
    pub(crate) fn of_run(self, made: Made) -> Self {
        let made = Some(made);
        Self { made, ..self }
    }
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // whoever asks for another type casts what comes, as the interface allows
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.schema));
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref());
        let schema = schema.map_err(|error| Fault::new(Kind::Internal, error))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        let rows = linkmint::number::counted(self.__len__() as u64, "row");
        let names = self.column_names().join(", ");
        format!("<linkmint.Table of {rows}: {}>", Harmless(&names))
    }
}
