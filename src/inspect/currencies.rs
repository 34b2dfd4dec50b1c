//! Whether files can be added up together.

use super::Inspection;
use crate::error::{Error, ErrorKind, Result};

/// Checks that no column to total has amounts in one currency in a file and
/// in another one in a later file. `files` gives each file with its name.
///
/// # Errors
///
/// [`ErrorKind::CurrenciesDiffer`], in the first file that is in another
/// currency than one before it.
pub fn check_currencies(files: &[(&str, &Inspection)]) -> Result<()> {
    for (place, &(name, file)) in files.iter().enumerate() {
        for (index, ours) in file.currencies.iter().enumerate() {
            let differs = |&&(_, other): &&(&str, &Inspection)| {
                let theirs = other.currencies.get(index).copied().flatten();
                theirs.is_some() && ours.is_some() && theirs != *ours
            };
            if let Some((other, theirs)) = files[..place].iter().find(differs)
            {
                let kind = differ(file, other, theirs, index);
                return Err(Error::new(kind).in_file(name));
            }
        }
    }
    Ok(())
}

/// Says in which currencies a column is in a file and in another one.
fn differ(
    file: &Inspection,
    other: &str,
    theirs: &Inspection,
    index: usize,
) -> ErrorKind {
    let currency = |file: &Inspection| {
        let currency = file.currencies[index].as_ref();
        currency.map_or("", |currency| currency.as_str()).to_owned()
    };
    let column = file.totals[index].map(|column| &file.columns[column]);
    let column = column.map(|name| String::from_utf8_lossy(name).into_owned());
    ErrorKind::CurrenciesDiffer {
        column: column.unwrap_or_default(),
        currency: currency(file),
        other: other.to_owned(),
        other_currency: currency(theirs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::FileOptions;

    /// Checks files with these amounts, and which of them is named in what
    /// currency.
    fn check(amounts: &[&str], expected: Option<(&str, &str)>) {
        let inspect = |(name, amount): (usize, &&str)| {
            let file = format!("Song,Date,Plays\na,d,\"{amount}\"\n");
            let options = FileOptions::default();
            let found = Inspection::new(file.as_bytes(), true, &options);
            (name.to_string(), found.unwrap())
        };
        let files: Vec<_> = amounts.iter().enumerate().map(inspect).collect();
        let files: Vec<_> =
            files.iter().map(|(name, file)| (name.as_str(), file)).collect();
        let error = check_currencies(&files).err();
        assert_eq!(
            error.as_ref().and_then(Error::file),
            expected.map(|e| e.0)
        );
        if let (Some(error), Some((_, words))) = (error, expected) {
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn currencies_of_several_files() {
        check(&[], None);
        check(&["$1", "2", "$3", "x"], None);
        check(
            &["1", "$1", "2", "€3"],
            Some(("3", "“€” here and in “$” in 1")),
        );
        check(&["$1", "USD 1"], Some(("1", "“USD” here")));
    }
}
