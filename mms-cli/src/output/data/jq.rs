//! `--jq`: a filter in the language of jq over the JSON of a command.

use crate::output::failure::Failure;

/// Applies a filter to JSON, and returns its results, each on a line; a text stands there without quotes.
#[cfg(feature = "jq")]
pub(in crate::output) fn filtered(json: &str, filter: &str) -> Result<String, Failure> {
    use jaq_core::load::{Arena, File, Loader};
    use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
    use jaq_json::{Val, read};

    let refused = |reason: &str| Failure::usage(format!("--jq: {filter:?} {reason}"));
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(defs)
        .load(&arena, File { code: filter, path: () })
        .map_err(|_| refused("is no filter: it cannot be read").hint("a filter looks like '.[].organizationName'"))?;
    let filter_code = Compiler::default().with_funs(funs).compile(modules).map_err(|_| {
        refused("names a filter or a variable that there is not").hint("a filter looks like '.[].organizationName'")
    })?;
    let input = read::parse_single(json.as_bytes())
        .map_err(|error| Failure::failed(format!("the answer cannot be filtered: {error}")))?;
    let context = Ctx::<data::JustLut<Val>>::new(&filter_code.lut, Vars::new([]));
    let mut text = String::new();
    for value in filter_code.id.run((context, input)).map(unwrap_valr) {
        let value = value.map_err(|error| Failure::failed(format!("--jq: {error}")))?.to_string();
        let line = serde_json::from_str::<String>(&value).unwrap_or(value);
        text.push_str(&crate::output::safe::printable(&line));
        text.push('\n');
    }
    Ok(text)
}

/// Says that this program has no filter.
#[cfg(not(feature = "jq"))]
pub(in crate::output) fn filtered(_: &str, _: &str) -> Result<String, Failure> {
    Err(Failure::usage("--jq: this mms is built without it")
        .hint("build it with --features full, or pipe -o json into jq"))
}

#[cfg(all(test, feature = "jq"))]
mod tests {
    use super::*;

    #[test]
    fn a_filter_gives_a_line_for_each_result_and_texts_without_quotes() {
        let json = r#"[{"name":"Acme","left":5},{"name":"So\u001bl","left":-1}]"#;

        assert_eq!(filtered(json, ".[].name").unwrap(), "Acme\nSo\\u{1b}l\n");
        assert_eq!(filtered(json, "map(select(.left < 0)) | length").unwrap(), "1\n");
        assert_eq!(filtered(json, ".[0]").unwrap(), "{\"name\":\"Acme\",\"left\":5}\n");
    }

    #[test]
    fn a_filter_that_is_none_is_wrong_use() {
        for filter in [".[", "nonsense", "$x"] {
            let failure = filtered("[]", filter).unwrap_err();
            assert!(failure.message().starts_with(&format!("--jq: {filter:?} ")), "{failure:?}");
        }
    }
}
