//! Record of a created child, for `mms child create`.

use mms_types::{ChildOrganization, Country, CreatedChildOrganization, OrganizationId, Region, UserName};
use serde::Serialize;

use crate::args::CreateArgs;
use crate::command::changes::PoolChange;
use crate::output::data::{Column, Record, Value};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// A created child: the API's answer, and beside it what the list says of a child, under the same names.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    #[serde(flatten)]
    answer: CreatedChildOrganization,
    organization_id: OrganizationId,
    organization_name: Option<String>,
    operations_allocated: Option<i64>,
    /// `created` by the server's answer, `adopted` because it is the one new child that fits, or `existed` before.
    outcome: &'static str,
}

impl Created {
    pub(super) fn answered(answer: CreatedChildOrganization, arguments: &CreateArgs) -> Self {
        Self {
            organization_id: answer.child_organization_id,
            answer,
            organization_name: Some(arguments.name.to_string()),
            operations_allocated: i64::try_from(arguments.credits.get()).ok(),
            outcome: "created",
        }
    }

    /// Takes a child from the list. Its owner is the one that the create named, and the pool is read; what only the server
    /// could have answered stays unknown.
    pub(super) async fn adopted(
        session: &Session,
        arguments: &CreateArgs,
        owner_name: Option<&UserName>,
        child: ChildOrganization,
    ) -> Self {
        let pool = session.pool_afterwards().await;
        let mut created = Self::existed(arguments, &child, pool);
        created.answer.user_name = owner_name.map(ToString::to_string);
        created.answer.user_email = Some(arguments.owner_email.to_string());
        Self { outcome: "adopted", ..created }
    }

    /// Takes a child that this machine created a moment ago and that the list does not show yet.
    pub(super) fn unlisted(arguments: &CreateArgs, id: OrganizationId) -> Self {
        let child = ChildOrganization {
            organization_id: id,
            organization_name: Some(arguments.name.to_string()),
            operations_allocated: i64::try_from(arguments.credits.get()).ok(),
            country_id: None,
            timezone_id: None,
            zone_id: None,
            zone_domain: None,
            zone_name: None,
        };
        Self::existed(arguments, &child, None)
    }

    /// Takes a child that has the name already. Whose it is the list does not say.
    pub(super) fn existed(arguments: &CreateArgs, child: &ChildOrganization, pool: Option<i64>) -> Self {
        let answer = CreatedChildOrganization {
            child_organization_id: child.organization_id,
            user_id: None,
            user_email: None,
            user_name: None,
            user_language: None,
            user_existed: None,
            new_parent_operations: pool,
            domain: child.zone_domain.clone(),
        };
        Self {
            organization_name: child.organization_name.clone(),
            operations_allocated: child.operations_allocated,
            outcome: "existed",
            ..Self::answered(answer, arguments)
        }
    }

    /// Warns where the child belongs to an account that was there before, under a name of its own.
    pub(super) fn warn_of_owner(&self, printer: &Printer, arguments: &CreateArgs) {
        if self.answer.user_existed != Some(true) {
            return;
        }
        let email = &arguments.owner_email;
        let owner = match &self.answer.user_name {
            Some(name) if name != arguments.owner_name.as_str() => {
                format!("{name:?}, and the name {:?} of this command counts for nothing", arguments.owner_name.as_str())
            }
            Some(name) => format!("{name:?}"),
            None => "which the server does not name".to_owned(),
        };
        printer.warn(&format!("{email} has an account with Make already: the child belongs to that account, {owner}"));
    }

    const fn id(&self) -> OrganizationId {
        self.answer.child_organization_id
    }

    /// Prints the record. Where that fails, the failure says not to run the command again.
    pub(super) fn print(&self, session: &Session) -> Result<(), Failure> {
        let printed = session.printer().one(self);
        if self.outcome == "existed" {
            return printed;
        }
        let done = format!("child organization {} was created", self.id());
        printed.map_err(|failure| failure.after(&done, &session.invocation().command("child list")))
    }
}

impl Record for Created {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "childOrganizationId", |row| Value::Id(row.answer.child_organization_id.get())),
        Column::new("NAME", "organizationName", |row| row.organization_name.as_ref().into()),
        Column::new("CREDITS", "operationsAllocated", |row| row.operations_allocated.into()),
        Column::new("ZONE", "domain", |row| row.answer.domain.as_ref().into()),
        Column::new("OWNER ID", "userId", |row| row.answer.user_id.map(|id| Value::Id(id.get())).into()),
        Column::new("OWNER NAME", "userName", |row| row.answer.user_name.as_ref().into()),
        Column::new("OWNER EMAIL", "userEmail", |row| row.answer.user_email.as_ref().into()),
        Column::csv_only("userLanguage", |row| row.answer.user_language.as_ref().into()),
        Column::csv_only("userExisted", |row| row.answer.user_existed.map(i64::from).into()),
        Column::new("POOL", "newParentOperations", |row| row.answer.new_parent_operations.into()),
        Column::csv_only("organizationId", |row| Value::Id(row.organization_id.get())),
        Column::csv_only("outcome", |row| row.outcome.into()),
    ];
}

/// A create that a dry run would have sent.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Planned {
    organization_name: String,
    operations_allocated: Option<i64>,
    region: Region,
    country: Country,
    user_name: String,
    user_email: String,
    /// What the pool would have afterwards; null where the token may not read it.
    new_parent_operations: Option<i64>,
    outcome: &'static str,
}

impl Planned {
    pub(super) fn new(arguments: &CreateArgs, region: &Region, country: &Country, pool: PoolChange) -> Self {
        Self {
            organization_name: arguments.name.to_string(),
            operations_allocated: i64::try_from(arguments.credits.get()).ok(),
            region: region.clone(),
            country: country.clone(),
            user_name: arguments.owner_name.to_string(),
            user_email: arguments.owner_email.to_string(),
            new_parent_operations: pool.after(),
            outcome: "planned",
        }
    }
}

impl Record for Planned {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", "organizationName", |row| (&row.organization_name).into()),
        Column::new("CREDITS", "operationsAllocated", |row| row.operations_allocated.into()),
        Column::new("REGION", "region", |row| (&row.region.name).into()),
        Column::new("COUNTRY", "country", |row| (&row.country.name).into()),
        Column::new("OWNER NAME", "userName", |row| (&row.user_name).into()),
        Column::new("OWNER EMAIL", "userEmail", |row| (&row.user_email).into()),
        Column::new("POOL", "newParentOperations", |row| row.new_parent_operations.into()),
        Column::csv_only("outcome", |row| row.outcome.into()),
    ];
}
