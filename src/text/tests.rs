//! Encodings as encoding_rs has them, and files as people have them.

use encoding_rs::{Encoding as Known, UTF_16BE, UTF_16LE};
use proptest::prelude::*;

use super::*;
use crate::inspect::Inspection;
use crate::options::FileOptions;

/// Checks the encoding found, written as its name, `?` if that is guessed and
/// `+` if there is a byte order mark.
fn check(head: &[u8], last: bool, label: Option<&str>, want: &str) {
    let found = match detect(head, last, label) {
        Ok(found) => {
            let guessed = if found.guessed { "?" } else { "" };
            let bom = if found.bom { "+" } else { "" };
            format!("{}{guessed}{bom}", found.name)
        }
        Err(error) => error.code().to_owned(),
    };
    assert_eq!(found, want, "{}", head.escape_ascii());
    if label.is_none() && is_plain(head, last) {
        assert_eq!(want.trim_end_matches('+'), "UTF-8", "it needs no look");
    }
}

/// Text in an encoding, which has all its characters.
fn encoded(label: &str, text: &str) -> Vec<u8> {
    let known = Known::for_label(label.as_bytes()).unwrap();
    let units = text.encode_utf16();
    if known == UTF_16LE {
        return units.flat_map(u16::to_le_bytes).collect();
    }
    if known == UTF_16BE {
        return units.flat_map(u16::to_be_bytes).collect();
    }
    let (bytes, _, unmappable) = known.encode(text);
    assert!(!unmappable, "{label} has all of {text}");
    bytes.into_owned()
}

const FRENCH: &str = "Titre;Date;Écoutes\nÉtienne – « L’été »;2020-01-02;1\n\
    Ça plane pour moi;2020-01-01;2\nNe me quitte pas, à jamais;2020-01-01;3\n";
const GERMAN: &str = "Lied;Datum;Aufrufe\nÜber den Wolken;2020-01-02;1\n\
    Für dich soll’s rote Rosen regnen;2020-01-01;2\nMänner;2020-01-01;3\n\
    Größenwahn;2020-01-03;8\n";
const SPANISH: &str = "Canción;Fecha;Reproducciones\n¿Y cómo es él?;2020;1\n\
    La niña;2020;5\nCorazón partío;2020;3\nMañana más;2020;4\n";
const RUSSIAN: &str = "Песня,Дата,Число\nПодмосковные вечера,2020-01-02,1\n\
    Группа крови,2020-01-01,2\nОчи чёрные,2020-01-01,3\n";
const JAPANESE: &str = "曲名,日付,再生回数\n上を向いて歩こう,2020-01-02,1\n\
    さくらの唄,2020-01-01,2\nリンゴの唄,2020-01-01,3\n";
const CHINESE: &str = "歌曲,日期,播放次数\n月亮代表我的心,2020-01-02,1\n\
    朋友别哭,2020-01-01,2\n我的祖国,2020-01-01,3\n";

macro_rules! rows {
    ($($name:ident: $head:expr, $label:expr => $want:expr,)*) => {
        $(#[test] fn $name() { check(&$head[..], true, $label, $want) })*
    };
}

rows! {
    nothing: b"", None => "UTF-8",
    ascii: b"a,b\n1,2\n", None => "UTF-8",
    utf8: FRENCH.as_bytes(), None => "UTF-8",
    utf8_bom: b"\xEF\xBB\xBFa,b\n", None => "UTF-8+",
    utf16le_bom: b"\xFF\xFEa\0,\0", None => "UTF-16LE+",
    utf16be_bom: b"\xFE\xFF\0a\0,", None => "UTF-16BE+",
    utf16_bom_and_nothing: b"\xFF\xFE", None => "UTF-16LE+",
    utf16le: encoded("utf-16le", FRENCH), None => "UTF-16LE?",
    utf16be: encoded("utf-16be", FRENCH), None => "UTF-16BE?",
    utf16le_russian: encoded("utf-16le", RUSSIAN), None => "UTF-16LE?",
    utf16be_japanese: encoded("utf-16be", JAPANESE), None => "UTF-16BE?",
    letters_and_zeros: b"hello\n\0world\0\n", None => "UTF-8",
    utf32: b"\xFF\xFE\0\0a\0\0\0", None => "UTF-8",
    french: encoded("windows-1252", FRENCH), None => "windows-1252?",
    german: encoded("windows-1252", GERMAN), None => "windows-1252?",
    spanish: encoded("windows-1252", SPANISH), None => "windows-1252?",
    russian: encoded("windows-1251", RUSSIAN), None => "windows-1251?",
    koi8: encoded("koi8-r", RUSSIAN), None => "KOI8-U?",
    shift_jis: encoded("shift_jis", JAPANESE), None => "Shift_JIS?",
    euc_jp: encoded("euc-jp", JAPANESE), None => "EUC-JP?",
    gbk: encoded("gbk", CHINESE), None => "GBK?",
    labelled: encoded("macintosh", SPANISH), Some("x-mac-roman")
        => "macintosh",
    latin1: b"\xE9\n", Some("ISO-8859-1") => "windows-1252",
    latin9: b"\xE9\n", Some(" L9 ") => "ISO-8859-15",
    label_against_the_mark: b"\xEF\xBB\xBF\xE9\n", Some("windows-1252")
        => "windows-1252",
    label_with_the_mark: b"\xEF\xBB\xBFa\n", Some("utf8") => "UTF-8+",
    utf16_label_and_other_mark: b"\xFE\xFF\0a", Some("utf-16")
        => "UTF-16BE+",
    no_label: b"a\n", Some("utf-9") => "bad_option",
    label_of_what_is_no_text: b"a\n", Some("hz-gb-2312") => "bad_option",
    some_damage: [
        FRENCH.as_bytes(), FRENCH.as_bytes(), b"caf\xE9;2020;1\n",
    ].concat(), None => "UTF-8?",
    picture: b"\x89PNG\r\n\x1A\n\xFF\xFF", None => "UTF-8",
    binary: b"a\0\0\0\x80\xFF\0\x01\x02", None => "UTF-8",
    zero_in_a_code_page: [
        encoded("windows-1252", FRENCH), b"a\0b;2020;1\n".to_vec(),
    ].concat(), None => "windows-1252?",
    zeros_in_text: b"a,b\n1,\0\0\0\0\n", None => "UTF-8",
}

#[test]
fn utf32_is_told_and_refused() {
    let heads = [
        &b"\xFF\xFE\0\0a\0\0\0"[..],
        b"\0\0\xFE\xFF\0\0\0a",
        b"a\0\0\0,\0\0\0",
        b"\0\0\0a\0\0\0,",
    ];
    for head in heads {
        let found = Inspection::new(head, true, &FileOptions::default());
        assert_eq!(found.unwrap_err().code(), "unsupported_encoding");
    }
}

#[test]
fn characters_cut_off_by_the_end_of_the_head() {
    let cut = &"Titre,été".as_bytes()[..10];
    check(cut, false, None, "UTF-8");
    let found = detect(cut, true, None).unwrap();
    assert!(found.guessed, "at the end of the file it isn't UTF-8");
    check(&"a,\u{1D11E}".as_bytes()[..5], false, None, "UTF-8");
    check(b"a,\xA9 b", false, None, "windows-1252?");
}

#[test]
fn code_pages_are_those_of_encoding_rs() {
    let mut pages = 0;
    for label in SINGLE_BYTE {
        let known = Known::for_label(label.as_bytes()).unwrap();
        let found = detect(b"", true, Some(label)).unwrap();
        let page = found.code_page.expect("a single-byte encoding");
        assert!(!found.transcoded);
        for byte in 0..=0xFF {
            let bytes = [byte];
            let text = known
                .decode_without_bom_handling_and_without_replacement(&bytes);
            let text = text.as_deref();
            let own = page.decode(&bytes);
            assert_eq!(own.as_deref(), text.map(str::as_bytes), "{label}");
        }
        pages += 1;
    }
    assert_eq!(pages, 29);
}

/// <https://encoding.spec.whatwg.org/#legacy-single-byte-encodings>, and the
/// one that isn't there.
const SINGLE_BYTE: [&str; 29] = [
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "x-user-defined",
];

#[test]
fn other_encodings_are_transcoded() {
    for label in ["utf-16", "shift_jis", "gb18030", "big5", "euc-kr"] {
        let found = detect(b"", true, Some(label)).unwrap();
        assert!(found.transcoded && found.code_page.is_none(), "{label}");
    }
    assert!(!detect(b"", true, None).unwrap().transcoded);
}

/// Transcodes bytes given in chunks of one size, to pieces of another.
fn transcode(label: &str, bytes: &[u8], chunk: usize, room: usize) -> Vec<u8> {
    let mut transcoder = Transcoder::new(label).unwrap();
    let mut output = Vec::new();
    let mut piece = vec![0; room];
    let mut run = |mut input: &[u8], last| {
        while let Some((taken, given)) =
            transcoder.step(input, last, &mut piece)
        {
            output.extend_from_slice(&piece[..given]);
            input = &input[taken..];
        }
        assert!(input.is_empty());
        transcoder.is_over()
    };
    assert!(bytes.chunks(chunk).all(|bytes| !run(bytes, false)));
    assert!(run(b"", true));
    output
}

proptest! {
    #[test]
    fn cuts_never_show(
        label in prop::sample::select(vec![
            "utf-16le", "utf-16be", "shift_jis", "euc-jp", "gb18030", "big5",
            "euc-kr", "iso-2022-jp",
        ]),
        bytes in prop::collection::vec(prop_oneof![
            any::<u8>(), Just(0), Just(b'\n'), 0x20..0x7F_u8, 0xD8..0xE0_u8,
        ], 0..60),
        chunk in 1..9_usize,
        room in 5..40_usize,
    ) {
        let whole = transcode(label, &bytes, 100, 1000);
        prop_assert_eq!(transcode(label, &bytes, chunk, room), &whole[..]);
        let known = Known::for_label(label.as_bytes()).unwrap();
        let (text, _) = known.decode_with_bom_removal(&bytes);
        let shown = String::from_utf8_lossy(&whole);
        prop_assert_eq!(shown, text, "the same, but for what is bad");
    }
}

#[test]
fn what_is_malformed_is_told_from_what_is_written() {
    let text = [0xFEFF, 0x61, 0xFFFD, 0xD800, 0x62];
    let bytes: Vec<u8> = text.into_iter().flat_map(u16::to_le_bytes).collect();
    let written = transcode("utf-16le", &bytes, 3, 5);
    assert_eq!(written, [b"a", "\u{FFFD}".as_bytes(), b"\xFFb"].concat());
    assert_eq!(transcode("utf-16le", b"a\0b", 1, 5), b"a\xFF");
    assert_eq!(transcode("shift_jis", b"\x83\n", 1, 5), b"\xFF\n");
}
