//! Settings in words: `delimiter=comma places=2`.

/// Appends a setting that has a value.
pub fn add(text: &mut String, setting: &str, value: Option<String>) {
    let Some(value) = value else { return };
    let space = if text.is_empty() { "" } else { " " };
    text.push_str(&format!("{space}{setting}={value}"));
}

/// The settings of a text, with their values.
pub fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split_ascii_whitespace().filter_map(|word| word.split_once('='))
}
