//! Form of a table: separators, quotes, line ends and marks do not matter, and what is broken is told at its place.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use proptest::prelude::*;

use super::{problems, table};
use crate::table::NewChildTable;

const TITLES: [&str; 7] = ["name", "owner_name", "owner_email", "region", "country", "credits", "external_id"];

/// What a table says, without its places.
fn said(table: &NewChildTable) -> Vec<[String; 7]> {
    let row = |child: &crate::Child| {
        let owner = child.owner.clone().unwrap();
        let text = |named: &Option<crate::EnumRef>| named.clone().unwrap().text;
        [
            child.name.to_string(),
            owner.name.to_string(),
            owner.email.to_string(),
            text(&child.region),
            text(&child.country),
            child.credits.unwrap().to_string(),
            child.external_id.clone().unwrap_or_default(),
        ]
    };
    table.children().iter().map(row).collect()
}

fn rows() -> impl Strategy<Value = Vec<[String; 7]>> {
    let row =
        ("[A-Za-zäé,.'()+@/_ -]{0,12}", "[A-Za-z;,\"'é\t =+-]{0,12}", "[a-z]{1,8}", 0_u64..50, "[A-Za-z;,\"\t #]{0,8}");
    prop::collection::vec(row, 1..12).prop_map(|rows| {
        let row = |(index, (name, owner, mail, credits, external)): (usize, (String, String, String, u64, String))| {
            let external = external.replace('\t', " ").trim().to_owned();
            [
                format!("N{index} {name}x"),
                format!("O{}x", owner.replace('\t', " ")),
                format!("{mail}@acme.example"),
                "EU, west".to_owned(),
                "CZ;\"x\"".to_owned(),
                (credits * 10_000).to_string(),
                // What begins with a # may be a comment.
                if external.is_empty() { String::new() } else { format!("e{external}{index}") },
            ]
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

proptest! {
    #[test]
    fn separator_quotes_line_ends_order_and_marks_do_not_matter(
        rows in rows(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        quote in prop::sample::select(vec![QuoteStyle::Always, QuoteStyle::Necessary, QuoteStyle::NonNumeric]),
        terminator in prop::sample::select(vec![Terminator::CRLF, Terminator::Any(b'\n'), Terminator::Any(b'\r')]),
        has_mark in any::<bool>(),
        turn in 0_usize..7,
    ) {
        let mut writer =
            WriterBuilder::new().delimiter(delimiter).quote_style(quote).terminator(terminator).from_writer(Vec::new());
        let mut turned = TITLES;
        turned.rotate_left(turn);
        writer.write_record(turned).unwrap();
        for row in &rows {
            let mut row = row.clone();
            row.rotate_left(turn);
            writer.write_record(&row).unwrap();
        }
        let mark = if has_mark { "\u{feff}" } else { "" };
        let bytes = [mark.as_bytes(), &writer.into_inner().unwrap()].concat();
        prop_assert_eq!(said(&table(&bytes)), rows.clone());

        let line = |row: &[String; 7]| {
            let object: serde_json::Map<_, _> =
                TITLES.iter().zip(row).map(|(title, text)| ((*title).to_owned(), text.clone().into())).collect();
            serde_json::to_string(&object).unwrap()
        };
        let lines = rows.iter().map(line).collect::<Vec<_>>().join("\r\n\n");
        prop_assert_eq!(said(&table([mark, &lines].concat().as_bytes())), rows);
    }

    #[test]
    fn no_text_makes_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[a-z\"#;,\t\n\r{}=: 0-9]{0,80}") {
        drop(NewChildTable::read("new.csv", &bytes, &crate::NewChildDefaults::default()));
        let titled = format!("name,credits\n{text}");
        drop(crate::AllocationTable::read("new.csv", titled.as_bytes()));
        drop(NewChildTable::read("new.csv", text.as_bytes(), &crate::NewChildDefaults::default()));
    }
}

#[test]
fn titles_are_known_by_their_other_names_in_any_case_and_spacing() {
    let text = "sep=;\r\nClient Name;USER NAME;E-Mail;Region ID;country code;Operations Allocated;CRM id;\r\n\
                Sol;Ada;ada@sol.example;1;CZ;10000;c-1;\r\n;;;;;;;\r\n";

    assert_eq!(said(&table(text.as_bytes())), [["Sol", "Ada", "ada@sol.example", "1", "CZ", "10000", "c-1"]]);
}

#[test]
fn comments_and_empty_lines_are_passed_over_and_a_name_is_not() {
    let head = "#of May\n\nname,owner_name,owner_email,region,country,credits\n";
    let row = ",Ada,ada@sol.example,EU,CZ,0\n";

    assert_eq!(table(format!("{head}# Luna{row}\n   \nSol{row}").as_bytes()).children().len(), 1);
    let told = problems(&format!("{head}#1 Sol{row}"));
    assert!(told[0].starts_with("new.csv:4:1: \"#1 Sol\" is not an organization name"), "{told:?}");
}

#[test]
fn quotes_that_are_broken_are_told_where_they_begin() {
    let head = "name,owner_name,owner_email,region,country,credits\n";

    let told = problems(&format!("{head}\"Sol,Ada,ada@sol.example,EU,CZ,0\nLuna,Ada,ada@luna.example,EU,CZ,0\n"));
    assert!(
        told.iter().any(|line| line.starts_with("new.csv:2:1: the quote that begins here is never closed")),
        "{told:?}"
    );
    let told = problems(&format!("{head}Sol,\"Ada\" Owner,ada@sol.example,EU,CZ,0\n"));
    assert_eq!(
        told,
        ["new.csv:2:10: \"Owner\" stands behind the closing quote: write \"\" for a quote within a quoted text"]
    );
}

#[test]
fn a_line_with_too_many_or_too_few_fields_is_told() {
    let head = "name,owner_name,owner_email,region,country,credits\n";

    assert_eq!(
        problems(&format!("{head}Sol, Inc,Ada,ada@sol.example,EU,CZ,0\nLuna,Ada\n")),
        [
            "new.csv:2:36: the line has 7 fields, and the titles are 6: put a text in quotes that has the separator in it",
            "new.csv:3:1: the line has 2 fields, and the titles are 6: write a field for each title, an empty one for what is missing",
        ]
    );
}

#[test]
fn a_text_in_another_encoding_is_told_with_its_place() {
    let told = |bytes: &[u8]| {
        NewChildTable::read("new.csv", bytes, &crate::NewChildDefaults::default()).unwrap_err().to_string()
    };

    assert_eq!(
        told(b"name\nSol\nB\xe4cker\n"),
        "new.csv:3:2: the byte 0xe4 is no UTF-8: save the file as UTF-8: a spreadsheet calls it \"CSV UTF-8\""
    );
    assert!(told(b"\xff\xfen\0a\0").contains("the file is UTF-16"));
}

#[test]
fn what_is_no_table_says_how_to_write_one() {
    for (text, expected) in [
        ("", "new.csv:1:1: the file has no child: write a line of titles, such as name, owner_name"),
        ("name,credits\n", "new.csv:1:1: the file has no child"),
        (
            "Sol,Ada\nLuna,Bob\n",
            "new.csv:1:1: the first line has no title that is known: write the titles into the first line: name",
        ),
        ("[{\"name\":\"Sol\"}]", "new.csv:1:1: the file is a list in JSON: write an object a line"),
        ("{\"name\":\"Sol\"}\n{\"name\":", "new.csv:2:8: the line is no object in JSON: EOF while parsing a value: "),
        (
            "{\"name\":\"Sol\",\"owner\":{\"name\":\"Ada\"}}",
            "new.csv:1:23: the value of \"owner\" is neither a text nor a number",
        ),
    ] {
        let told = problems(text);
        assert!(told.iter().any(|line| line.starts_with(expected)), "{text}: {told:?}");
    }
}
