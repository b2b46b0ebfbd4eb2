//! Registry of the types that are schemas of the contract: written once, used by the generator and by the comparison.

#[cfg(feature = "schemars")]
#[allow(clippy::wildcard_imports, reason = "every type that the list below names, and no other")]
use crate::*;
#[cfg(feature = "schemars")]
use serde_json::{Map, Value};

/// Declares which types are schemas of a document.
macro_rules! registry {
    ($document:literal: $($name:ident),+ $(,)?) => {
        #[doc = concat!("Names every type that is a schema of `", $document, "`; type and schema share the name.")]
        pub const SCHEMA_NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Renders the schema of every type in [`SCHEMA_NAMES`], as OpenAPI 3.0 components by name.
        ///
        /// A schema says what the type reads (the deserialize contract). Tolerance beyond the contract, such as a number
        /// that comes as a string, does not show: the contract says what Make documents. Nor do defaults, which the prose
        /// of the document says.
        #[cfg(feature = "schemars")]
        #[must_use]
        pub fn schemas() -> serde_json::Map<String, serde_json::Value> {
            let mut generator = schemars::generate::SchemaSettings::openapi3().into_generator();
            $(let _ = generator.subschema_for::<$name>();)+
            $crate::registry::plain(generator.take_definitions(true))
        }
    };
}

/// Takes from the schemas what the documents say in prose: the defaults of fields, and what each value of an enum means.
#[cfg(feature = "schemars")]
pub(crate) fn plain(mut schemas: Map<String, Value>) -> Map<String, Value> {
    for schema in schemas.values_mut() {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for property in properties.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
            property.remove("default");
        }
        if let (Some(values), Some(schema)) = (values_of_enum(schema), schema.as_object_mut()) {
            schema.remove("oneOf");
            schema.insert("type".to_owned(), "string".into());
            schema.insert("enum".to_owned(), values);
        }
    }
    schemas
}

/// Returns the values of an enum whose variants have descriptions, which schemars renders as one schema each.
#[cfg(feature = "schemars")]
fn values_of_enum(schema: &Value) -> Option<Value> {
    let variants = schema["oneOf"].as_array()?;
    let values = variants.iter().map(|variant| match (&variant["type"], variant["enum"].as_array()?.as_slice()) {
        (Value::String(text), [value]) if text == "string" => Some(value.clone()),
        _ => None,
    });
    values.collect()
}

#[cfg(feature = "sandbox")]
pub(crate) use registry;

registry! {
    "openapi/mms.yaml":
    Allocation,
    ApiError,
    ApiSuberror,
    Centicredits,
    ChildOrganization,
    ChildOrganizationConsumption,
    ChildOrganizationConsumptionList,
    ChildOrganizationList,
    Country,
    CountryId,
    CountryList,
    CreateChildOrganizationRequest,
    CreatedChildOrganization,
    CurrentAuthorization,
    CurrentAuthorizationResponse,
    CurrentUser,
    CurrentUserResponse,
    EmailAddress,
    License,
    Operations,
    Organization,
    OrganizationId,
    OrganizationList,
    OrganizationName,
    OrganizationResponse,
    OrganizationSortKey,
    OrganizationSummary,
    PageLimit,
    PageOffset,
    Pagination,
    Region,
    RegionId,
    RegionList,
    SortDirection,
    Timezone,
    TimezoneId,
    TimezoneList,
    UpdateAllocationRequest,
    UserId,
    UserName,
    Zone,
    ZoneId,
    ZoneList,
}
