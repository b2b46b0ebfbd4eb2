//! What travels on the wire between a client and Make's child-organization API.
//!
//! Every schema of the contract (`openapi/mms.yaml`) is a type here, under the same name. The types are strict in what
//! they let a caller send and tolerant in what they read:
//!
//! - a value that Make would refuse cannot be built, or cannot be sent: [`Operations`] holds multiples of 10,000 and
//!   nothing else, and a [`CreateChildOrganizationRequest`] with an id out of range does not serialize;
//! - unknown fields are ignored, fields that Make does not always send are [`Option`]s, and a number is read whether it
//!   comes as a number or as a string. An optional field that cannot be read is [`None`]: what nobody needs must not make a
//!   list unreadable, or the id of a new child.
//!
//! ```
//! use mms_types::{CreateChildOrganizationRequest, Operations};
//!
//! let request = CreateChildOrganizationRequest {
//!     organization_name: "Acme".parse()?,
//!     user_name: "Ada Owner".parse()?,
//!     user_email: "ada@acme.example".parse()?,
//!     region_id: "1".parse()?,
//!     country_id: "250".parse()?,
//!     operations: "20000".parse()?,
//! };
//! assert_eq!(request.operations.get(), 20_000);
//!
//! let refused = Operations::new(12_345).unwrap_err();
//! assert_eq!(refused.to_string(), "12345 is not a multiple of 10000: try 10000 or 20000");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here does I/O. The feature `schemars` adds a JSON schema to every type, which `cargo xtask codegen` compares
//! with the contract; leave it off to call the API.

mod registry;
#[cfg(feature = "test-util")]
pub mod samples;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod scalar;
mod schema;

pub use registry::SCHEMA_NAMES;
#[cfg(feature = "schemars")]
pub use registry::schemas;
pub use scalar::centicredits::{Centicredits, CenticreditsError};
pub use scalar::grouped::{grouped, grouped_hundredths};
pub use scalar::id::{CountryId, IdError, OrganizationId, RegionId, TimezoneId, UserId, ZoneId};
pub use scalar::meant_number::meant_number;
pub use scalar::name_key::NameKey;
pub use scalar::operations::{Operations, OperationsError};
pub use scalar::text::{EmailAddress, OrganizationName, TextError, UserName, is_invisible};
pub use scalar::timestamp::Timestamp;
pub use schema::allocation::{Allocation, UpdateAllocationRequest};
pub use schema::api_error::{ApiError, ApiSuberror};
pub use schema::authorization::{CurrentAuthorization, CurrentAuthorizationResponse};
pub use schema::child::{
    ChildOrganization, ChildOrganizationList, CreateChildOrganizationRequest, CreatedChildOrganization,
};
pub use schema::consumption::{ChildOrganizationConsumption, ChildOrganizationConsumptionList};
pub use schema::enums::{Country, CountryList, Region, RegionList, Timezone, TimezoneList, Zone, ZoneList};
pub use schema::organization::{License, Organization, OrganizationList, OrganizationResponse, OrganizationSummary};
pub use schema::pagination::{PageError, PageLimit, PageOffset, Pagination};
pub use schema::sort::{OrganizationSortKey, SortDirection, SortError};
pub use schema::user::{CurrentUser, CurrentUserResponse};

/// Response header with the identity of a sandbox, which tells it from every other and from Make: 16 hexadecimal digits.
pub const SANDBOX_ID_HEADER: &str = "x-mms-sandbox-id";
