//! The list of types that are schemas of the contract: written once, used by the generator and by the comparison.

/// Declares which types are schemas of the contract.
macro_rules! registry {
    ($($name:ident),+ $(,)?) => {
        /// Names every type of this crate that is a schema of the contract; type and schema share the name.
        pub const SCHEMA_NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Renders the schema of every type in [`SCHEMA_NAMES`], as OpenAPI 3.0 components by name.
        ///
        /// A schema says what the type reads (the deserialize contract). Tolerance beyond the contract, such as a number
        /// that comes as a string, does not show: the contract says what Make documents.
        #[cfg(feature = "schemars")]
        #[must_use]
        pub fn schemas() -> serde_json::Map<String, serde_json::Value> {
            let mut generator = schemars::generate::SchemaSettings::openapi3().into_generator();
            $(let _ = generator.subschema_for::<crate::$name>();)+
            generator.take_definitions(true)
        }
    };
}

registry! {
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
    EmailAddress,
    License,
    Operations,
    Organization,
    OrganizationId,
    OrganizationName,
    OrganizationResponse,
    PageLimit,
    PageOffset,
    Pagination,
    Region,
    RegionId,
    RegionList,
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
