//! `mms child create`: looks before, asks, and sends once.

use mms_types::{ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, Organization, UserId};

use super::pool::PoolChange;
use crate::cli::CreateArgs;
use crate::confirm::Confirmation;
use crate::failure::Failure;
use crate::printer::{Plan, Printer};
use crate::resolve::resolve;
use crate::session::Session;
use crate::table::{Column, Record};

impl Record for CreatedChildOrganization {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ID", "childOrganizationId", |created| created.child_organization_id.get().into()),
        Column::new("ZONE", "domain", |created| created.domain.as_ref().into()),
        Column::new("OWNER ID", "userId", |created| created.user_id.map(UserId::get).into()),
        Column::new("OWNER NAME", "userName", |created| created.user_name.as_ref().into()),
        Column::new("OWNER EMAIL", "userEmail", |created| created.user_email.as_ref().into()),
        Column::csv_only("userLanguage", |created| created.user_language.as_ref().into()),
        Column::csv_only("userExisted", |created| created.user_existed.map(i64::from).into()),
        Column::new("POOL", "newParentOperations", |created| created.new_parent_operations.into()),
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
    let (regions, countries, children, organization) =
        tokio::try_join!(session.regions(), session.countries(), session.children(), session.organization())?;
    let region = resolve(&arguments.region, &regions)?;
    let country = resolve(&arguments.country, &countries)?;
    if !arguments.allow_duplicate_name {
        refuse_duplicate(arguments.name.as_str(), &children)?;
    }
    let pool = PoolChange::new(organization.as_ref(), arguments.credits.get().into())?;

    let plan = Plan::new("About to create a child organization, which can never be deleted:")
        .line("api", session.place())
        .line("distributor", distributor(organization_id.get(), organization.as_ref()))
        .line("name", &arguments.name)
        .line("owner", format!("{} <{}>", arguments.owner_name, arguments.owner_email))
        .line("region", format!("{} {} (can never be changed)", region.id, region.name))
        .line("country", format!("{} {}", country.id, country.name))
        .line("credits", arguments.credits)
        .line("pool", pool);
    confirmation.confirm(printer, &plan, "Create this organization?")?;

    let request = CreateChildOrganizationRequest {
        user_email: arguments.owner_email.clone(),
        user_name: arguments.owner_name.clone(),
        organization_name: arguments.name.clone(),
        region_id: region.id,
        country_id: country.id,
        operations: arguments.credits,
    };
    let created = session.create_child(request).await.map_err(|failure| {
        failure.hint_if_unknown("look at `mms child list` first: the child may exist, and it was not sent again")
    })?;
    let done = format!("child organization {} was created", created.child_organization_id);
    printer.one(&created).map_err(|failure| failure.after(&done))
}

fn refuse_duplicate(name: &str, children: &[ChildOrganization]) -> Result<(), Failure> {
    match children.iter().find(|child| child.organization_name == name) {
        Some(child) => {
            Err(Failure::failed(format!("a child organization named {name:?} exists: {}", child.organization_id))
                .hint("choose another name, or add --allow-duplicate-name to create a second one"))
        }
        None => Ok(()),
    }
}

fn distributor(id: u64, organization: Option<&Organization>) -> String {
    match organization {
        Some(organization) => format!("{id} {}", organization.name),
        None => id.to_string(),
    }
}
