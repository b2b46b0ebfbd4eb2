//! Record of a created child, for `mms child create`.

use mms_types::{ChildOrganization, CreatedChildOrganization, OrganizationId, OrganizationName, UserId, UserName};
use serde::Serialize;

use crate::args::CreateArgs;
use crate::output::failure::Failure;
use crate::output::record::{Column, Record};
use crate::session::Session;

/// A created child beside its name, which the API's answer leaves out.
#[derive(Debug, Serialize)]
pub(super) struct Created {
    #[serde(flatten)]
    answer: CreatedChildOrganization,
    #[serde(skip)]
    name: OrganizationName,
    /// `created` by the server's answer, or `adopted` because it is the one new child that fits.
    outcome: &'static str,
}

impl Created {
    pub(super) fn answered(answer: CreatedChildOrganization, name: &OrganizationName) -> Self {
        Self { answer, name: name.clone(), outcome: "created" }
    }

    /// Takes a child from the list. Its owner is the one that the create named, and the pool is read; what only the server
    /// could have answered stays unknown.
    pub(super) async fn adopted(
        session: &Session,
        arguments: &CreateArgs,
        owner_name: Option<&UserName>,
        child: ChildOrganization,
    ) -> Self {
        let answer = CreatedChildOrganization {
            child_organization_id: child.organization_id,
            user_id: None,
            user_email: Some(arguments.owner_email.to_string()),
            user_name: owner_name.map(ToString::to_string),
            user_language: None,
            user_existed: None,
            new_parent_operations: session.pool_afterwards().await,
            domain: child.zone_domain,
        };
        Self { answer, name: arguments.name.clone(), outcome: "adopted" }
    }

    const fn id(&self) -> OrganizationId {
        self.answer.child_organization_id
    }

    /// Prints the record. Where that fails, the failure says not to run the command again.
    pub(super) fn print(&self, session: &Session) -> Result<(), Failure> {
        let done = format!("child organization {} was created", self.id());
        session.printer().one(self).map_err(|failure| failure.after(&done, &session.invocation().command("child list")))
    }
}

impl Record for Created {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "childOrganizationId", |row| row.answer.child_organization_id.get().into()),
        Column::table_only("NAME", |row| row.name.as_str().into()),
        Column::new("ZONE", "domain", |row| row.answer.domain.as_ref().into()),
        Column::new("OWNER ID", "userId", |row| row.answer.user_id.map(UserId::get).into()),
        Column::new("OWNER NAME", "userName", |row| row.answer.user_name.as_ref().into()),
        Column::new("OWNER EMAIL", "userEmail", |row| row.answer.user_email.as_ref().into()),
        Column::csv_only("userLanguage", |row| row.answer.user_language.as_ref().into()),
        Column::csv_only("userExisted", |row| row.answer.user_existed.map(i64::from).into()),
        Column::new("POOL", "newParentOperations", |row| row.answer.new_parent_operations.into()),
        Column::csv_only("outcome", |row| row.outcome.into()),
    ];
}
