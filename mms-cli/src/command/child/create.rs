//! `mms child create`: reads what is there, shows the plan, asks, and creates at most once.

use mms_client::{CreateOnce, Purpose};
use mms_types::{
    ChildOrganization, Country, CreateChildOrganizationRequest, CreatedChildOrganization, Organization, OrganizationId,
    OrganizationName, Region,
};

use super::create_record::Created;
use super::earlier_creates;
use super::pool::PoolChange;
use crate::args::CreateArgs;
use crate::invocation::Invocation;
use crate::lookup::{Children, name_of};
use crate::output::failure::{Failure, journal_unusable};
use crate::output::plan::Plan;
use crate::output::questions::Confirmation;
use crate::session::Session;

/// Creates a child organization: reads, decides, asks, writes and prints.
pub(super) async fn create(session: &Session, arguments: &CreateArgs, yes: bool) -> Result<(), Failure> {
    let confirmation = Confirmation::new(yes)?;
    let settle_time = arguments.wait.settle_wait;
    // Before a request is spent.
    drop(session.journal(settle_time).await?);
    let look = Look::read(session, arguments).await?;
    let journal = session.journal(settle_time).await?;
    if let Some(created) = earlier_creates::settled(session, arguments, &journal).await? {
        return created.print(session);
    }
    let recent = earlier_creates::recent(session, arguments, &journal)?;
    let known = session.known_creates(&journal)?;
    let torn = journal.torn_intent_of(arguments.name.as_str()).map_err(|error| journal_unusable(&error))?;
    // While a person thinks, others can create.
    drop(journal);

    let choice = look.choose(arguments, recent, session.invocation())?;
    if let Some(warning) = id_like(&arguments.name) {
        session.printer().warn(&warning);
    }
    let pool = choice.pool(arguments, session.invocation())?;
    let plan = choice.plan(arguments, session.place(), session.organization_id()?, pool).line("journal", known);
    confirmation.show(session.printer(), &plan);
    if let Some(file) = torn {
        let doubt = format!("a torn record of the journal, kept in {}, may be a create of this name", file.display());
        let hint = format!(
            "look in Make for the child; if it is not there, remove {}, or run the command without --yes, on a terminal",
            file.display()
        );
        let question = format!("{doubt}. Have you looked in Make, and is there no such child?");
        confirmation.accept(session.printer(), &question, Failure::failed(doubt).hint(hint))?;
    }
    confirmation.confirm(session.printer(), "Create this organization?")?;

    let journal = session.journal(settle_time).await?;
    // Another command may have begun to create it meanwhile.
    if let Some(created) = earlier_creates::settled(session, arguments, &journal).await? {
        return created.print(session);
    }
    let request = choice.request(arguments);
    let outcome = session.create_child(&journal, &request, arguments.allow_duplicate_name, settle_time).await?;
    record_of(session, arguments, outcome).await?.print(session)
}

/// Server state that a create is decided on.
struct Look {
    region: Region,
    country: Country,
    children: Children,
    organization: Option<Organization>,
}

/// Region, country and distributor of a create that may be sent.
struct Choice<'a> {
    region: &'a Region,
    country: &'a Country,
    organization: Option<&'a Organization>,
}

impl Look {
    async fn read(session: &Session, arguments: &CreateArgs) -> Result<Self, Failure> {
        let (region, country) =
            tokio::try_join!(session.region(&arguments.region), session.country(&arguments.country))?;
        // Last, since the create is decided on it.
        let look = session.look(Purpose::Create).await?;
        let (children, organization) = (Children::from(&look), look.organization().cloned());
        children.warn_if_incomplete(session.printer());
        Ok(Self { region, country, children, organization })
    }

    /// Decides whether the child may be created, by its name and by what an earlier command made a moment ago.
    fn choose(
        &self,
        arguments: &CreateArgs,
        recent: Option<OrganizationId>,
        invocation: &Invocation,
    ) -> Result<Choice<'_>, Failure> {
        if !arguments.allow_duplicate_name {
            self.children.refuse_duplicate(arguments.name.as_str())?;
        }
        if let Some(id) = recent.filter(|id| !self.children.has(*id)) {
            return Err(unlisted(&arguments.name, id, invocation));
        }
        self.children.refuse_cut(invocation)?;
        let Self { region, country, organization, .. } = self;
        Ok(Choice { region, country, organization: organization.as_ref() })
    }
}

impl Choice<'_> {
    /// Decides whether the pool has the credits for it.
    fn pool(&self, arguments: &CreateArgs, invocation: &Invocation) -> Result<PoolChange, Failure> {
        PoolChange::new(self.organization, arguments.credits.get().into(), invocation)
    }

    /// Describes the create.
    fn plan(&self, arguments: &CreateArgs, place: &str, parent: OrganizationId, pool: PoolChange) -> Plan {
        let Self { region, country, organization } = self;
        Plan::new("About to create a child organization, which can never be deleted:")
            .line("api", place)
            .line("distributor", distributor(parent, *organization))
            .line("name", &arguments.name)
            .line("owner", format!("{} <{}>", arguments.owner_name, arguments.owner_email))
            .line("region", format!("{} {} (can never be changed)", region.id, region.name))
            .line("country", format!("{} {}", country.id, country.name))
            .line("credits", arguments.credits)
            .line("pool", pool)
    }

    fn request(&self, arguments: &CreateArgs) -> CreateChildOrganizationRequest {
        CreateChildOrganizationRequest {
            user_email: arguments.owner_email.clone(),
            user_name: arguments.owner_name.clone(),
            organization_name: arguments.name.clone(),
            region_id: self.region.id,
            country_id: self.country.id,
            operations: arguments.credits,
        }
    }
}

/// Returns the warning of a name that reads like an id.
fn id_like(name: &OrganizationName) -> Option<String> {
    let is_number = name.as_str().bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("the name {name} reads like an id: write name:{name} to mean this child"))
}

/// Returns the record of the child; one that was there before is a failure.
async fn record_of(session: &Session, arguments: &CreateArgs, outcome: CreateOnce) -> Result<Created, Failure> {
    let name = &arguments.name;
    let id = match outcome {
        CreateOnce::Created { answer, .. } => return Ok(Created::answered(*answer, name)),
        CreateOnce::Doubled { answer, others, .. } => return Err(doubled(session, &answer, &others)),
        CreateOnce::Adopted { child, .. } => {
            let id = child.organization_id;
            session.printer().warn(&format!(
                "no usable answer came to the create: {id} is the one new child organization of that name and allocation, and so \
                 it is taken for it"
            ));
            return Ok(Created::adopted(session, arguments, Some(&arguments.owner_name), *child).await);
        }
        CreateOnce::Existed { organization_id, child } => {
            if let Some(child) = child {
                return Err(existing(&child));
            }
            organization_id
        }
        other => {
            let id = other.organization_id();
            return Err(Failure::unknown(format!(
                "child organization {id} is there in a way that this version does not know"
            )));
        }
    };
    Err(unlisted(name, id, session.invocation()))
}

/// Refuses a name that a child has by now.
fn existing(child: &ChildOrganization) -> Failure {
    let (id, name) = (child.organization_id, name_of(child));
    Failure::failed(format!("a child organization named {name:?} exists: {id}; nothing was sent"))
        .hint("choose another name, or add --allow-duplicate-name to create a second one")
}

/// Makes the failure of a create that somebody on the way may have sent a second time.
fn doubled(session: &Session, answer: &CreatedChildOrganization, others: &[OrganizationId]) -> Failure {
    let id = answer.child_organization_id;
    let list = session.invocation().command("child list");
    let second = match others {
        [] => "no second one is listed yet".to_owned(),
        others => format!("new beside it: {}", others.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    Failure::unknown(format!(
        "child organization {id} was created, and the pool fell as if there were two ({second}): somebody on the way may have sent \
         the create twice"
    ))
    .hint(format!("look at {list} and in Make; take the credits back from the one that is not wanted, and do not create it again"))
}

/// Refuses a name of which the journal alone knows the child, because the list lags behind.
fn unlisted(name: &OrganizationName, id: OrganizationId, invocation: &Invocation) -> Failure {
    let (name, list) = (name.as_str(), invocation.command("child list"));
    Failure::failed(format!(
        "{id} was created under the name {name:?} a moment ago, and the list does not show it yet; nothing was sent"
    ))
    .hint(format!("see {list} in some minutes, or add --allow-duplicate-name to create a second one"))
}

fn distributor(id: OrganizationId, organization: Option<&Organization>) -> String {
    match organization {
        Some(organization) => format!("{id} {}", organization.name),
        None => id.to_string(),
    }
}
