//! Tables of new children: what is wrong is told all at once, with what to write instead.

use super::{problems, table};
use crate::table::{NewChildDefaults, NewChildTable};

#[test]
fn every_mistake_is_told_at_its_cell() {
    let text = "name;owner_name;owner_email;region;country;credits\n\
                Sol;Ada;ada@sol;EU;CZ;20k\n\
                ;Ada;ada@luna.example;EU;CZ;12345\n\
                Terra:;;ada@terra.example;;CZ;\n\
                sol;Ada;ada@sol.example;EU;CZ;0\n";

    assert_eq!(
        problems(text),
        [
            "new.csv:2:9: \"ada@sol\" is not an e-mail address: expected a plain one like ada@acme.example: write an address, such as \
             ada@acme.example",
            "new.csv:2:23: \"20k\" is not a number of credits: write 20000, without a separator or a unit",
            "new.csv:3:1: the name of the child is missing: write it into the column name",
            "new.csv:3:29: 12345 is not a multiple of 10000: write 10000 or 20000",
            "new.csv:4:1: \"Terra:\" is not an organization name: it has ':'; letters, digits, spaces and ' - . ( ) * + , @ _ / can be \
             in one: write another name",
            "new.csv:4:1: the name of the owner is missing: write it into the column owner_name",
            "new.csv:4:1: the region is missing: write it into the column region",
            "new.csv:4:1: the credits are missing: write it into the column credits",
            "new.csv:5:1: child \"sol\" is there already, in line 2: keep one of them: names that differ in case or spaces alone are one \
             name",
        ]
    );
}

#[test]
fn a_column_that_is_not_known_has_a_suggestion_and_one_that_is_missing_a_flag() {
    assert_eq!(
        problems("name,owner name,e-mail,regoin,country,colour,id\nSol,Ada,ada@sol.example,EU,CZ,red,7\n"),
        [
            "new.csv:1:1: no column has the region: add a column region, or give one for all rows: --region",
            "new.csv:1:1: no column has the credits: add a column credits, or give one for all rows: --credits",
            "new.csv:1:24: the column \"regoin\" is not known: did you mean region? If not, remove the column",
            "new.csv:1:46: the column \"id\" has no place here: a new child has no id: remove the column, or change the allocations of \
             children that are there",
        ]
    );
    let told = problems("name,company\nSol,Sol\n");
    assert!(
        told.contains(&"new.csv:1:6: the columns \"name\" and \"company\" are the same: keep one of them".to_owned()),
        "{told:?}"
    );
}

#[test]
fn a_misspelt_key_of_json_is_told_once() {
    let line = r#"{"name":"Sol","regoin":"EU"}"#;

    let told = problems(&format!("{line}\n{}\n", line.replace("Sol", "Luna")));

    assert_eq!(told.iter().filter(|line| line.contains("regoin")).count(), 1, "{told:?}");
}

#[test]
fn what_is_no_json_is_told_at_its_character_whatever_stands_before_it() {
    for name in ["Sol", "Café Ñandú", "日本"] {
        let line = format!(r#"{{"name":"{name}","region":x}}"#);
        let column = line.chars().position(|sign| sign == 'x').unwrap() + 1;
        let told = problems(&format!("{{\"name\":\"Luna\"}}\n{line}\n"));
        let place = format!("new.csv:2:{column}: the line is no object in JSON");
        assert!(told.iter().any(|line| line.starts_with(&place)), "{place}: {told:?}");
    }
}

#[test]
fn columns_that_another_system_has_for_itself_are_left_out_and_named() {
    let own =
        ["Account Owner", "First Name", "Phone", "Company size", "Billing Country", "Created at", "County", "Notes"];
    let text = format!(
        "Company,Contact,E-mail,Region,Country,Credits,{}\nSol,Ada,ada@sol.example,EU,CZ,0,1,2,3,4,5,6,7,8\n",
        own.join(",")
    );
    let lines = concat!(
        r#"{"name":"Sol","owner_name":"Ada","owner_email":"ada@sol.example","region":"EU","country":"CZ","credits":0,"#,
        r#""active":true,"tags":["a"]}"#
    );

    assert_eq!(table(text.as_bytes()).ignored_columns(), own);
    assert_eq!(table(lines.as_bytes()).ignored_columns(), ["active", "tags"]);
}

#[test]
fn what_may_be_credits_is_never_left_out() {
    let titles = [
        "creidts",
        "crdits",
        "kredits",
        "credit",
        "cred",
        "Credits total",
        "new_credits",
        "creditAmount",
        "monthlycredits",
        "credti amount",
        "operation",
        "Opertions",
        "alloction",
        "operationsAlloc",
    ];
    for title in titles {
        for credits in ["notes", "credits"] {
            let text = format!("name,owner_name,owner_email,region,country,{credits},{title}\n");
            let told = problems(&format!("{text}Sol,Ada,ada@sol.example,EU,CZ,0,20000\n"));
            let is_told = told.iter().any(|line| line.contains("is not known: did you mean"));
            assert!(is_told, "{title}: {told:?}");
        }
    }
}

#[test]
fn a_title_that_may_mean_a_column_that_is_missing_is_no_reason_for_its_default() {
    let defaults = NewChildDefaults {
        owner_name: Some("Ada".parse().unwrap()),
        owner_email: Some("ada@agency.example".parse().unwrap()),
        region: Some("EU".to_owned()),
        country: Some("CZ".to_owned()),
        credits: Some("10000".parse().unwrap()),
    };
    for (title, near) in [
        ("Billing Country", "country"),
        ("region code", "region"),
        ("Work email", "email"),
        ("Contact person", "contact"),
        ("Regoin", "region"),
    ] {
        let told = NewChildTable::read("new.csv", format!("name,{title}\nSol,x\n").as_bytes(), &defaults).unwrap_err();
        assert!(told.to_string().contains(&format!("did you mean {near}?")), "{title}: {told}");
    }
}

#[test]
fn defaults_stand_for_columns_and_cells_that_are_empty() {
    let defaults = NewChildDefaults {
        owner_name: Some("Ada".parse().unwrap()),
        owner_email: Some("ada@agency.example".parse().unwrap()),
        region: Some("EU".to_owned()),
        country: Some("CZ".to_owned()),
        credits: Some("10000".parse().unwrap()),
    };

    let table = NewChildTable::read("new.csv", b"name,credits,region\nSol,,\nLuna,20000,US\n", &defaults).unwrap();

    let [sol, luna] = table.children() else { panic!("{table:?}") };
    assert_eq!((sol.credits.unwrap().get(), sol.region.as_ref().unwrap().text.as_str()), (10_000, "EU"));
    assert_eq!((luna.credits.unwrap().get(), luna.region.as_ref().unwrap().text.as_str()), (20_000, "US"));
    assert_eq!(luna.place.as_ref().unwrap().to_string(), "new.csv:3:1");
}

#[test]
fn five_thousand_rows_with_twenty_mistakes_are_twenty_problems() {
    let mut lines = vec!["name,owner_name,owner_email,region,country,credits".to_owned()];
    for number in 0..5_000 {
        let credits = if number % 250 == 7 { 5 } else { 10_000 };
        lines.push(format!("Client {number},Ada,ada@acme.example,EU,CZ,{credits}"));
    }
    let text = lines.join("\n");

    let told = problems(&text);

    assert_eq!(told.len(), 20);
    assert_eq!(told[19], "new.csv:4759:40: 5 is not a multiple of 10000: write 0 or 10000");
}

#[test]
fn the_apostrophe_of_a_spreadsheet_is_no_part_of_a_name_unless_it_is() {
    let head = "name,owner_name,owner_email,region,country,credits\n";

    let table =
        table(format!("{head}'@Sol,Ada,ada@sol.example,EU,CZ,0\n't Hof,Ada,ada@sol.example,EU,CZ,0\n").as_bytes());

    let names: Vec<_> = table.children().iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["@Sol", "'t Hof"]);
}
