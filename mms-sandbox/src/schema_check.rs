//! Check of a body against its schema in the document of the control side, beside the type that it is read into.
//!
//! The types alone take more than the document says: an array of values for an object, null for a field that is left out, a
//! number in a string where an id belongs. Whether a number is too small or too large is theirs to say.

use std::fmt;
use std::sync::LazyLock;

use mms_types::sandbox::{
    Behaviour, ClockAdvance, ClockSetting, ConsumeRequest, CopyRequest, FaultRule, SandboxState, UsageProfile,
};
use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;

/// The document of the control side.
pub(crate) const DOCUMENT: &str = include_str!("../openapi/sandbox.json");

/// The document, or null if it cannot be parsed, which refuses every body.
static PARSED: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(DOCUMENT).unwrap_or_default());

/// A type that is a body of the control side.
pub(crate) trait Schema {
    /// The name of its schema.
    const NAME: &'static str;
}

macro_rules! schemas {
    ($($name:ident),+ $(,)?) => {
        $(impl Schema for $name {
            const NAME: &'static str = stringify!($name);
        })+
    };
}

schemas!(Behaviour, ClockAdvance, ClockSetting, ConsumeRequest, CopyRequest, FaultRule, SandboxState, UsageProfile);

/// The deepest nesting of YAML. A state is seven levels deep; the time to read YAML grows with the square of the depth.
const MAX_DEPTH: usize = 64;

/// Reads JSON into a `T`, and checks it against the schema.
pub(crate) fn from_json<T: DeserializeOwned + Schema>(bytes: &[u8]) -> Result<T, String> {
    let read = serde_json::from_slice(bytes).map_err(|error| with_owner_of_unknown_field::<T>(error.to_string()))?;
    check::<T, _>(&mut serde_json::Deserializer::from_slice(bytes)).map_err(|error| error.to_string())?;
    Ok(read)
}

/// Reads YAML into a `T`, and checks it against the schema.
pub(crate) fn from_yaml<T: DeserializeOwned + Schema>(bytes: &[u8]) -> Result<T, String> {
    if let Some(line) = too_deep(bytes) {
        return Err(format!("more than {MAX_DEPTH} levels deep at line {line}"));
    }
    let read = yaml_serde::from_slice(bytes).map_err(|error| error.to_string())?;
    check::<T, _>(yaml_serde::Deserializer::from_slice(bytes)).map_err(|error| error.to_string())?;
    Ok(read)
}

/// Returns the line at which YAML nests too deep: by brackets that are open, or by what a line begins with, one character a
/// level at least. Brackets within texts count too, which no state comes near to.
fn too_deep(bytes: &[u8]) -> Option<usize> {
    let (mut line, mut open, mut beginning) = (1, 0_usize, Some(0_usize));
    for byte in bytes {
        match byte {
            b'\n' => line += 1,
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        beginning = match byte {
            // A line may end in a carriage return alone or in one of Unicode's breaks, and a text begin with a mark of its
            // encoding: these are the last bytes of them all, and now and then of a letter, which does no harm.
            b'\n' | b'\r' | 0x85 | 0xa8 | 0xa9 | 0xbf => Some(0),
            b' ' | b'\t' | b'-' | b'?' | b':' => beginning.map(|length| length + 1),
            _ => None,
        };
        if open > MAX_DEPTH || beginning > Some(2 * MAX_DEPTH) {
            return Some(line);
        }
    }
    None
}

/// Adds to an error where an unknown field belongs, if an object within `T` has it: `kind` belongs into `action`.
fn with_owner_of_unknown_field<T: Schema>(error: String) -> String {
    let named = error.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`'));
    let fields = resolve(&PARSED["components"]["schemas"][T::NAME])["properties"].as_object();
    let owner = named.and_then(|(name, _)| {
        let mut fields = fields.into_iter().flatten();
        fields.find(|(_, schema)| resolve(schema)["properties"].get(name).is_some())
    });
    match (named, owner) {
        (Some((name, _)), Some((owner, _))) => format!("{error}: `{name}` belongs into `{owner}`"),
        _ => error,
    }
}

/// Refuses a value that does not match the schema of `T`.
fn check<'de, T: Schema, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    SchemaCheck { schema: resolve(&PARSED["components"]["schemas"][T::NAME]), name: "the body" }
        .deserialize(deserializer)
}

/// Follows references, which stand alone or in an `allOf` of one.
fn resolve(schema: &'static Value) -> &'static Value {
    let referred = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    match referred.and_then(|reference| PARSED.pointer(reference.strip_prefix('#')?)) {
        Some(next) => resolve(next),
        None => schema,
    }
}

/// Check of one value: the schema that it must match.
#[derive(Clone, Copy)]
struct SchemaCheck {
    schema: &'static Value,
    /// The field of the value.
    name: &'static str,
}

impl SchemaCheck {
    fn kind(&self) -> &'static str {
        self.schema["type"].as_str().unwrap_or_default()
    }

    /// Refuses a value that is of none of these kinds.
    fn is_one_of<E: Error>(&self, kinds: &[&str], unexpected: Unexpected<'_>) -> Result<(), E> {
        if kinds.contains(&self.kind()) { Ok(()) } else { Err(E::invalid_type(unexpected, self)) }
    }
}

impl<'de> DeserializeSeed<'de> for SchemaCheck {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SchemaCheck {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind() {
            "integer" => "a whole number of 64 bits",
            "number" => "a number",
            "string" => "a text",
            "boolean" => "true or false",
            "array" => "an array",
            _ => "an object",
        };
        write!(formatter, "{what} for {}", self.name)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.is_one_of(&["boolean"], Unexpected::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.is_one_of(&["integer", "number"], Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        let unexpected = Unexpected::Unsigned(value);
        if self.kind() == "integer" && i64::try_from(value).is_err() {
            return Err(E::invalid_value(unexpected, &self));
        }
        self.is_one_of(&["integer", "number"], unexpected)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.is_one_of(&["number"], Unexpected::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.is_one_of(&["string"], Unexpected::Str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        self.is_one_of(&["array"], Unexpected::Seq)?;
        let item = Self { schema: resolve(&self.schema["items"]), name: self.name };
        while values.next_element_seed(item)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        self.is_one_of(&["object"], Unexpected::Map)?;
        let described = self.schema["properties"].as_object();
        while let Some(field) = fields.next_key::<String>()? {
            match described.and_then(|described| described.get_key_value(&field)) {
                Some((name, schema)) => fields.next_value_seed(Self { schema: resolve(schema), name })?,
                // The type decides about unknown fields.
                None => fields.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        Ok(())
    }
}
