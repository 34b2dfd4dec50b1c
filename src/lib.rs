//! Totals very large CSV files: records in, one record for each key out.
//!
//! The crate is the engine of Playtally, a page that does this inside the
//! browser. Its core takes bytes and gives bytes: it does no I/O, knows no
//! JavaScript and has no clock. The module `wasm`, compiled for wasm32 only,
//! is the one place that touches the browser.
//!
//! A file is cut into splits, which workers parse side by side. Each adds its
//! records to a partial aggregate, which becomes a sorted run; the runs are
//! merged into the result.
//!
//! ```
//! use playtally::{
//!     Aggregate, FileOptions, Inspection, KeyRange, Merge, Output,
//!     RejectLog, Split, SplitReader, Step, Terminator,
//! };
//!
//! let file = b"Song,Date,Plays\nUmbrella,2020-01-01,100\n\
//!     In The End,2020-01-01,500\nUmbrella,2020-01-01,50\n";
//!
//! // What the first bytes say.
//! let found = Inspection::new(file, true, &FileOptions::default())?;
//! let format = found.format(1 << 20)?;
//!
//! // One split, from the first record to the end of the file.
//! let start = found.data_start;
//! let split =
//!     Split { start, end: file.len() as u64, first: Some(start) };
//! let mut reader = SplitReader::new(&format, split);
//! let bytes = &file[start as usize..];
//! reader.spare(bytes.len()).copy_from_slice(bytes);
//! reader.finish();
//!
//! // Its records, added up, as a sorted run.
//! let mut aggregate = Aggregate::new(2, 1);
//! let mut rejects = RejectLog::default();
//! reader.run(&mut aggregate, &mut rejects);
//! let mut run = Vec::new();
//! let index = aggregate.drain(&mut |bytes| run.extend_from_slice(bytes));
//!
//! // All runs, here only one, merged and written.
//! let mut merge = Merge::new(&[&index], KeyRange::default(), 2, 1)?;
//! let mut output = Output::new(b',', Terminator::Lf);
//! output.header(&[b"Song", b"Date", b"Plays"]);
//! loop {
//!     match merge.step()? {
//!         Step::Need { run: _, offset, length } => {
//!             merge.feed(0, &run[offset as usize..][..length])?
//!         }
//!         Step::Group => output.record(merge.key(), merge.totals()),
//!         Step::End => break,
//!     }
//! }
//! assert_eq!(
//!     String::from_utf8_lossy(output.buffer()),
//!     "Song,Date,Plays\nIn The End,2020-01-01,500\n\
//!      Umbrella,2020-01-01,150\n"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod adder;
mod aggregate;
mod boundary;
mod bytes;
mod columns;
mod copy;
mod currency;
mod decimal;
mod dialect;
mod dictionary;
mod error;
mod figures;
mod inspect;
mod job;
mod line;
mod merge;
mod number;
mod options;
mod ordered;
mod output;
mod part;
mod place;
mod reader;
mod record;
mod reject;
mod run;
mod sampling;
mod slots;
mod sort;
mod sorter;
mod split;
mod strings;
mod text;
mod total;
mod unpack;
mod value;
mod varint;
mod warm;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use aggregate::{Aggregate, Batch, Refused};
pub use bytes::SLACK;
pub use columns::{KEYS, Role, TOTALS};
pub use currency::Currency;
pub use dialect::{DELIMITERS, Dialect, is_text};
pub use error::{Error, ErrorKind, Position, Result, excerpt};
pub use figures::{Figures, Fold, Grand, MOST_FIGURES};
pub use inspect::{Examples, HEAD, Inspection, Notice, check_currencies};
pub use job::{
    Ahead, Command, Committed, EXTENT, Event, FilePlan, FileReport, Job,
    Phase, Place, Plan, Range, ReasonReport, RejectPart, Report, RunId,
    SplitSizes, TotalReport,
};
pub use merge::{KeyRange, Merge, Step, ranges};
pub use number::{Number, parse as parse_number};
pub use options::{
    Column, DateOrder, DateUnit, FileOptions, KeyFormat, MOST_COLUMNS,
    MOST_PLACES, Measures, OnReject, Options, Order, OutputFormat,
    RECORD_LIMIT, Terminator, character,
};
pub use output::{Output, figure_names};
pub use part::Part;
pub use reader::{Format, Next, Offer, RecordReader, Taken, Unit, UnitKind};
pub use record::{Record, Span};
pub use reject::{
    Asked, COLUMNS as REJECT_COLUMNS, Fault, FileHead, Reason, Reject,
    RejectLog, RejectReader, VALUE_LIMIT, Written, distinct_names,
    write_file as write_reject_file, write_header as write_reject_header,
    write_record as write_reject,
};
pub use run::{BlockEntry, BlockReader, Key, RunError, RunIndex, RunWriter};
pub use sorter::Sorter;
pub use split::{
    Counts, FileFormat, FirstReject, Progress, Split, SplitReader,
    SplitReport, Units,
};
pub use text::{
    CodePage, Encoding, Transcoder, detect as detect_encoding, is_plain,
    transcode,
};
pub use total::Total;
pub use unpack::{
    Container, Directory, Entry, Listing, Packing, RejectedFile, Unpacker,
    rejected_files,
};
pub use value::{
    Date, DateFormat, Kind, Normalize, NumberFormat, ShortYears, parse_date,
    parse_number as parse_number_as,
};
pub use warm::{warm, warm_inspection};
