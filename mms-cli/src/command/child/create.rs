//! `mms child create`: looks before, asks, and sends once.

use mms_client::{CreateOnce, CreateOncePolicy};
use mms_types::{
    ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, Organization, OrganizationId,
    OrganizationName, UserId, UserName,
};
use serde::Serialize;

use super::earlier;
use super::pool::PoolChange;
use crate::args::CreateArgs;
use crate::args::settle_time::waits;
use crate::lookup::resolve;
use crate::output::failure::Failure;
use crate::output::printer::{Plan, Printer};
use crate::output::questions::Confirmation;
use crate::output::table::{Column, Record};
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
    fn answered(answer: CreatedChildOrganization, name: &OrganizationName) -> Self {
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

    /// Prints it. Where that fails, running the command again would be a mistake.
    pub(super) fn print(&self, session: &Session, printer: &Printer) -> Result<(), Failure> {
        let done = format!("child organization {} was created", self.id());
        printer.one(self).map_err(|failure| failure.after(&done, &session.invocation().command("child list")))
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

/// Creates a child organization, after everything that can be seen beforehand was looked at.
pub(crate) async fn create(
    session: &Session,
    printer: &Printer,
    arguments: &CreateArgs,
    yes: bool,
) -> Result<(), Failure> {
    let confirmation = Confirmation::new(yes)?;
    let organization_id = session.organization_id()?;
    let policy =
        CreateOncePolicy { waits: waits(arguments.wait.settle_wait), allow_same_name: arguments.allow_duplicate_name };
    let journal = session.journal(printer, &arguments.wait).await?;
    if let Some(created) = earlier::settled(session, printer, arguments, &journal, &policy).await? {
        return created.print(session, printer);
    }
    let recent = earlier::recent(session, arguments, &journal)?;
    // While this reads and a person thinks, others can create.
    drop(journal);
    let (regions, countries, children, organization) =
        tokio::try_join!(session.regions(), session.countries(), session.children(), session.organization())?;
    let region = resolve(&arguments.region, &regions, session.invocation())?;
    let country = resolve(&arguments.country, &countries, session.invocation())?;
    if !arguments.allow_duplicate_name {
        children.refuse_duplicate(arguments.name.as_str())?;
    }
    if let Some(id) = recent.filter(|id| !children.has(*id)) {
        return Err(unlisted(session, &arguments.name, id));
    }
    children.refuse_cut(session.invocation())?;
    if arguments.name.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
        let name = &arguments.name;
        printer.warn(&format!("the name {name} reads like an id: write name:{name} to mean this child"));
    }
    let pool = PoolChange::new(organization.as_ref(), arguments.credits.get().into(), session.invocation())?;

    let plan = Plan::new("About to create a child organization, which can never be deleted:")
        .line("api", session.place())
        .line("distributor", distributor(organization_id.get(), organization.as_ref()))
        .line("name", &arguments.name)
        .line("owner", format!("{} <{}>", arguments.owner_name, arguments.owner_email))
        .line("region", format!("{} {} (can never be changed)", region.id, region.name))
        .line("country", format!("{} {}", country.id, country.name))
        .line("credits", arguments.credits)
        .line("pool", pool);
    confirmation.show(printer, &plan);
    confirmation.confirm(printer, "Create this organization?")?;

    let request = CreateChildOrganizationRequest {
        user_email: arguments.owner_email.clone(),
        user_name: arguments.owner_name.clone(),
        organization_name: arguments.name.clone(),
        region_id: region.id,
        country_id: country.id,
        operations: arguments.credits,
    };
    let journal = session.journal(printer, &arguments.wait).await?;
    // Another command may have begun to create it meanwhile.
    if let Some(created) = earlier::settled(session, printer, arguments, &journal, &policy).await? {
        return created.print(session, printer);
    }
    let outcome = session.create_child(printer, &journal, &request, &policy).await?;
    created(session, printer, arguments, outcome).await?.print(session, printer)
}

/// Says how it is known that the child is there; one that was there before is none of this command's.
async fn created(
    session: &Session,
    printer: &Printer,
    arguments: &CreateArgs,
    outcome: CreateOnce,
) -> Result<Created, Failure> {
    let name = &arguments.name;
    let shown = name.as_str();
    let (id, is_listed) = match outcome {
        CreateOnce::Created { answer, .. } => return Ok(Created::answered(*answer, name)),
        CreateOnce::Adopted { child, .. } => {
            let id = child.organization_id;
            printer.warn(&format!(
                "no usable answer came to the create: {id} is the one new child organization of that name and allocation, and so \
                 it is taken for it"
            ));
            return Ok(Created::adopted(session, arguments, Some(&arguments.owner_name), *child).await);
        }
        CreateOnce::Existed { organization_id, child } => (organization_id, child.is_some()),
        other => {
            let id = other.organization_id();
            return Err(Failure::unknown(format!(
                "child organization {id} is there in a way that this version does not know"
            )));
        }
    };
    if is_listed {
        return Err(Failure::failed(format!("a child organization named {shown:?} exists: {id}; nothing was sent"))
            .hint("choose another name, or add --allow-duplicate-name to create a second one"));
    }
    Err(unlisted(session, name, id))
}

/// Refuses a name of which the journal alone knows the child, because the list lags behind.
fn unlisted(session: &Session, name: &OrganizationName, id: OrganizationId) -> Failure {
    let (name, list) = (name.as_str(), session.invocation().command("child list"));
    Failure::failed(format!(
        "{id} was created under the name {name:?} a moment ago, and the list does not show it yet; nothing was sent"
    ))
    .hint(format!("see {list} in some minutes, or add --allow-duplicate-name to create a second one"))
}

fn distributor(id: u64, organization: Option<&Organization>) -> String {
    match organization {
        Some(organization) => format!("{id} {}", organization.name),
        None => id.to_string(),
    }
}
