//! Tables of allocations.

use crate::table::{AllocationTable, WantedCredits};

fn problems(text: &str) -> Vec<String> {
    let problems = AllocationTable::read("credits.csv", text.as_bytes()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_row_names_its_child_by_id_name_or_as_it_is_typed() {
    let table =
        AllocationTable::read("credits.csv", b"child,id,name,credits\n,101,Sol,20000\n,,Luna,'+10000\nid:7,,,-0\n")
            .unwrap();

    let [sol, luna, typed] = table.rows() else { panic!("{table:?}") };
    assert_eq!((sol.id.map(mms_types::OrganizationId::get), sol.name.as_deref()), (Some(101), Some("Sol")));
    assert_eq!((luna.id, luna.credits), (None, WantedCredits::More("10000".parse().unwrap())));
    assert_eq!((typed.child.as_deref(), typed.credits), (Some("id:7"), WantedCredits::Less("0".parse().unwrap())));
}

#[test]
fn every_mistake_is_told_and_no_child_stands_twice() {
    assert_eq!(
        problems("id,name,credits\n101,,5\n0,,10000\n101,Sol,10000\n,luna,10000\n,Luna,\n,,10000\n"),
        [
            "credits.csv:2:6: 5 is not a multiple of 10000: write 0 or 10000",
            "credits.csv:3:1: \"0\" is no id: write the id of a child, such as 123, or use the column name",
            "credits.csv:4:1: child 101 is there already, in line 2: give each child one row",
            "credits.csv:6:1: the credits are missing: write them into the column credits",
            "credits.csv:6:2: child \"Luna\" is there already, in line 5: give each child one row",
            "credits.csv:7:1: the child is missing: write its id or its name",
        ]
    );
    assert_eq!(
        problems("email,region\na@b.example,EU\n"),
        [
            "credits.csv:1:1: no column has the child: add a column id, name or child",
            "credits.csv:1:1: no column has the credits: add a column credits",
        ]
    );
}
