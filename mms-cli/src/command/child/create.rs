//! `mms child create`: looks before, asks, and sends once.

use mms_types::{CreateChildOrganizationRequest, CreatedChildOrganization, Organization, OrganizationName, UserId};
use serde::Serialize;

use super::pool::PoolChange;
use crate::cli::CreateArgs;
use crate::confirm::Confirmation;
use crate::failure::Failure;
use crate::printer::{Plan, Printer};
use crate::resolve::resolve;
use crate::session::Session;
use crate::table::{Column, Record};

/// A created child beside its name, which the API's answer leaves out.
#[derive(Debug, Serialize)]
struct Created {
    #[serde(flatten)]
    answer: CreatedChildOrganization,
    #[serde(skip)]
    name: OrganizationName,
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
    let region = resolve(&arguments.region, &regions, session.invocation())?;
    let country = resolve(&arguments.country, &countries, session.invocation())?;
    if !arguments.allow_duplicate_name {
        children.refuse_duplicate(arguments.name.as_str())?;
    }
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
    let look = session.invocation().command("child list");
    let answer = session.create_child(request).await.map_err(|failure| {
        failure.hint_if_unknown(format!("look at {look} first: the child may exist, and it was not sent again"))
    })?;
    let done = format!("child organization {} was created", answer.child_organization_id);
    let created = Created { answer, name: arguments.name.clone() };
    printer.one(&created).map_err(|failure| failure.after(&done, &look))
}

fn distributor(id: u64, organization: Option<&Organization>) -> String {
    match organization {
        Some(organization) => format!("{id} {}", organization.name),
        None => id.to_string(),
    }
}
