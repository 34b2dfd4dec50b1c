//! Header names to column indices.

use crate::options::Column;
use crate::value::Kind;

/// A column that a job asks for: its name, and other names that people use
/// for the same thing, the likeliest first, those of other languages last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Role {
    /// The name the result gives it.
    pub name: &'static str,
    /// Other names, in lower case.
    aliases: &'static [&'static str],
}

/// The key columns of song play data.
pub const KEYS: [Role; 2] = [
    Role {
        name: "Song",
        aliases: &[
            "song name",
            "song title",
            "song_name",
            "song_title",
            "title",
            "track",
            "track name",
            "track title",
            "track_name",
            "track_title",
            "recording",
            "recording title",
            "titel",
            "songtitel",
            "titre",
            "título",
            "titolo",
            "chanson",
            "canción",
            "brano",
            "lied",
            "låt",
            "låttitel",
            "faixa",
            "曲名",
            "楽曲名",
        ],
    },
    Role {
        name: "Date",
        aliases: &[
            "day",
            "play date",
            "play_date",
            "date played",
            "stream date",
            "stream_date",
            "report date",
            "report_date",
            "reporting date",
            "activity date",
            "datum",
            "fecha",
            "data",
            "jour",
            "dato",
            "päivä",
            "日付",
        ],
    },
];

/// The column to total of song play data.
pub const TOTALS: [Role; 1] = [Role {
    name: "Number of Plays",
    aliases: &[
        "number_of_plays",
        "plays",
        "play count",
        "play_count",
        "playcount",
        "streams",
        "stream count",
        "stream_count",
        "number of streams",
        "total plays",
        "total streams",
        "quantity",
        "count",
        "abrufe",
        "wiedergaben",
        "anzahl der wiedergaben",
        "écoutes",
        "nombre d'écoutes",
        "reproducciones",
        "número de reproducciones",
        "ascolti",
        "riproduzioni",
        "reproduções",
        "número de reproduções",
        "spelningar",
        "uppspelningar",
        "antal spelningar",
        "avspillinger",
        "afspilninger",
        "aantal streams",
        "再生回数",
        "再生数",
    ],
}];

/// Finds the columns asked for in a header; for each its index, or `None`.
///
/// # Complexity
///
/// Linear in the names times the columns asked for.
pub fn resolve(
    header: &[String],
    asked: Option<&[Column]>,
    roles: &[Role],
) -> Vec<Option<usize>> {
    match asked {
        None => roles.iter().map(|role| find_role(header, role)).collect(),
        Some(columns) => columns
            .iter()
            .map(|column| match column {
                Column::Index(index) => {
                    (*index < header.len()).then_some(*index)
                }
                Column::Name(name) => find_named(header, name, roles),
            })
            .collect(),
    }
}

/// Finds a column by the name that a caller gave. A role's own name stands
/// for its aliases too.
fn find_named(header: &[String], name: &str, roles: &[Role]) -> Option<usize> {
    let role = roles.iter().find(|role| fold(role.name) == fold(name));
    match role {
        Some(role) => find_role(header, role),
        None => find(header, &fold(name)),
    }
}

/// Finds a role by its name, else by the first of its aliases that is there.
fn find_role(header: &[String], role: &Role) -> Option<usize> {
    let name = fold(role.name);
    find(header, &name)
        .or_else(|| role.aliases.iter().find_map(|name| find(header, name)))
}

/// Finds the first column of a folded name.
fn find(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|column| fold(column) == name)
}

/// A name as it is compared: trimmed and in lower case.
fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Finds the columns of song play data by what they hold: text is a song,
/// dates are dates, whole numbers are plays, if there is one such column.
pub fn guess(kinds: &[Kind], roles: &[Kind]) -> Vec<Option<usize>> {
    let only = |role: &Kind| {
        let mut found = kinds.iter().enumerate().filter(|(_, k)| *k == role);
        let (index, _) = found.next()?;
        found.next().is_none().then_some(index)
    };
    roles.iter().map(only).collect()
}

/// What [`KEYS`] hold, and [`TOTALS`].
pub const KEY_KINDS: [Kind; 2] = [Kind::Text, Kind::Date];
pub const TOTAL_KINDS: [Kind; 1] = [Kind::Integer];

/// Whether a first record looks like a header: one of its fields is a name
/// that a role goes by, or none of its fields is a number.
pub fn looks_like_header(fields: &[String]) -> bool {
    let roles = || KEYS.iter().chain(&TOTALS);
    let known = roles().any(|role| find_role(fields, role).is_some());
    let number =
        |field: &String| crate::number::parse(field.as_bytes()).is_some();
    known || !fields.iter().any(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks where the default columns are found.
    fn check(header: &[&str], want: [Option<usize>; 3]) {
        let header: Vec<String> =
            header.iter().map(ToString::to_string).collect();
        let mut found = resolve(&header, None, &KEYS);
        found.extend(resolve(&header, None, &TOTALS));
        assert_eq!(found, want, "{header:?}");
    }

    #[test]
    fn default_columns() {
        check(
            &["Song", "Date", "Number of Plays"],
            [Some(0), Some(1), Some(2)],
        );
        check(
            &[" number of plays ", "DATE", "song"],
            [Some(2), Some(1), Some(0)],
        );
        check(&["Track", "Day", "Streams"], [Some(0), Some(1), Some(2)]);
        check(&["Title", "Song", "Plays"], [Some(1), None, Some(2)]);
        check(&["Artist", "When"], [None, None, None]);
        check(&["Titel", "Datum", "Abrufe"], [Some(0), Some(1), Some(2)]);
        check(&["Écoutes", "TITRE", "Date"], [Some(1), Some(2), Some(0)]);
        check(&["FECHA", "Título", "Track"], [Some(2), Some(0), None]);
        check(&["曲名", "日付", "再生回数"], [Some(0), Some(1), Some(2)]);
        check(&[], [None, None, None]);
    }

    #[test]
    fn the_first_of_two_columns_of_one_name() {
        check(&["Song", "Song", "Date"], [Some(0), Some(2), None]);
    }

    #[test]
    fn columns_by_what_they_hold() {
        use Kind::{Date, Decimal, Integer, Text};
        let check = |kinds: &[Kind], keys, totals| {
            assert_eq!(guess(kinds, &KEY_KINDS), keys, "{kinds:?}");
            assert_eq!(guess(kinds, &TOTAL_KINDS), totals, "{kinds:?}");
        };
        check(&[Text, Date, Integer], [Some(0), Some(1)], [Some(2)]);
        check(&[Decimal, Integer, Date, Text], [Some(3), Some(2)], [Some(1)]);
        check(&[Text, Text, Date, Integer], [None, Some(2)], [Some(3)]);
        check(&[Text, Integer, Integer], [Some(0), None], [None]);
        check(&[], [None, None], [None]);
    }

    #[test]
    fn columns_asked_for() {
        let header = ["Song", "Artist", "Streams"].map(str::to_owned);
        let check = |column: Column, want| {
            let found = resolve(&header, Some(&[column]), &TOTALS);
            assert_eq!(found, [want]);
        };
        check(Column::Index(1), Some(1));
        check(Column::Index(3), None);
        check(Column::Name("artist ".into()), Some(1));
        check(Column::Name("Number of Plays".into()), Some(2));
        check(Column::Name("Plays".into()), None);
    }

    #[test]
    fn header_or_data() {
        let check = |fields: &[&str], want| {
            let fields: Vec<String> =
                fields.iter().map(ToString::to_string).collect();
            assert_eq!(looks_like_header(&fields), want, "{fields:?}");
        };
        check(&["Song", "Date", "Plays"], true);
        check(&["Umbrella", "2020-01-02", "200"], false);
        check(&["Artist", "When", "How often"], true);
        check(&["2020", "Song"], true);
    }
}
