//! Seed: the state of a first start that is built in.

use std::path::Path;

use mms_types::OrganizationId;
use mms_types::sandbox::{SandboxState, TokenState};

use crate::sandbox_error::SandboxError;
use crate::schema_check::from_yaml;

/// The token of the seeded distributor. It has every scope that the contract names, and is no secret.
pub const SEED_TOKEN: &str = "00000000-0000-4000-8000-000000000011";

/// The distributor of a first start; 11 is the example of Make's documentation.
pub const SEED_ORGANIZATION: OrganizationId = OrganizationId::new(11);

/// Every scope that the contract names.
pub(crate) const SCOPES: &[&str] = &["managed-organizations:read", "managed-organizations:write", "organizations:read"];

/// The state of a first start, where no other is given.
const SEED: &str = include_str!("../seed.yaml");

/// Returns the state of a first start.
pub(crate) fn default_state() -> Result<SandboxState, SandboxError> {
    from_yaml(SEED.as_bytes()).map_err(|message| SandboxError::seed(Path::new("seed.yaml"), message))
}

/// Gives the distributor with the lowest id the token of the built-in seed, with every scope, where a seed file gives it none: nobody
/// could call the sandbox otherwise.
pub(crate) fn with_token(mut state: SandboxState) -> SandboxState {
    let is_used =
        state.distributors.iter().flat_map(|distributor| &distributor.tokens).any(|known| known.token == SEED_TOKEN);
    let lowest = state.distributors.iter_mut().min_by_key(|distributor| distributor.organization_id);
    if let Some(lowest) = lowest.filter(|lowest| lowest.tokens.is_empty() && !is_used) {
        let scopes = SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
        lowest.tokens.push(TokenState { token: SEED_TOKEN.to_owned(), scopes });
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enums;

    #[test]
    fn the_seed_is_what_its_constants_and_comments_say() {
        let state = default_state().unwrap();
        let [distributor] = state.distributors.as_slice() else { panic!("{state:?}") };
        assert_eq!(distributor.organization_id, SEED_ORGANIZATION);
        assert_eq!(distributor.tokens[0].token, SEED_TOKEN);
        assert_eq!(distributor.tokens[0].scopes, SCOPES);
        let named = |line: &str, id: u64| match line.split_once(':').unwrap().0.trim() {
            "countryId" => enums::countries().countries.iter().find(|known| known.id.get() == id).unwrap().name.clone(),
            "timezoneId" => {
                enums::timezones().timezones.iter().find(|known| known.id.get() == id).unwrap().code.clone().unwrap()
            }
            _ => enums::zone(mms_types::ZoneId::new(id)).unwrap().domain.clone(),
        };
        let commented: Vec<&str> = SEED.lines().filter(|line| line.contains("Id:") && line.contains(" # ")).collect();
        assert_eq!(commented.len(), 7);
        for line in commented {
            let (field, name) = line.split_once(" # ").unwrap();
            let id = field.split_once(": ").unwrap().1.parse().unwrap();
            let found = named(line, id);
            assert!(found.starts_with(name), "{line} is {found}");
        }
    }
}
