//! How fields are understood: as keys and as numbers.
//!
//! By default a key is its bytes and a number is whole and without marks;
//! such fields are added in batches by the [`Adder`](crate::adder::Adder) and
//! none of this is needed. [`Values`] understands everything else.

mod amount;
mod blank;
mod calendar;
mod clock;
mod currency_look;
mod cursor;
mod date;
mod key_reader;
mod key_text;
mod look;
mod marks;
mod normal_form;
mod number;
mod orders;
mod sample;
mod shape;
mod values;

pub use calendar::Date;
pub(crate) use currency_look::InCurrency;
pub(crate) use date::MONTHS;
pub use date::{DateFormat, ShortYears, parse as parse_date};
pub use look::Kind;
pub(crate) use marks::{Doubt, Given};
pub use normal_form::{Normalize, nfc};
pub use number::{NumberFormat, parse as parse_number};
pub(crate) use sample::{Fields, Sample};
pub(crate) use values::Values;
