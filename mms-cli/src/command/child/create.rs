//! `mms child create`: reads what is there, shows the plan, asks, and creates at most once.

use mms_client::{CreateOnce, Purpose};
use mms_types::{
    ChildOrganization, Country, CreateChildOrganizationRequest, CreatedChildOrganization, Organization, OrganizationId,
    OrganizationName, Region,
};

use super::create_record::{Created, Planned};
use super::earlier_creates;
use crate::args::CreateArgs;
use crate::command::changes::PoolChange;
use crate::invocation::Invocation;
use crate::lookup::{Children, lookalikes, name_of};
use crate::output::data::grouped;
use crate::output::failure::{Failure, journal_unusable, shell};
use crate::output::plan::Plan;
use crate::output::questions::Confirmation;
use crate::session::{Asked, Session};

/// Creates a child organization: reads, decides, asks, writes and prints.
pub(super) async fn create(session: &Session, arguments: &CreateArgs, yes: bool) -> Result<(), Failure> {
    let confirmation = Confirmation::unless_dry(yes, arguments.dry_run)?;
    let (printer, settle_time) = (session.printer(), arguments.wait.settle_wait);
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

    if arguments.if_absent
        && let Some(child) = look.children.of_name(arguments.name.as_str())
    {
        return look.existed(session, arguments, child);
    }
    if arguments.if_absent
        && let Some(id) = recent.filter(|id| !look.children.has(*id))
    {
        printer.note(&format!("{id} {} was created a moment ago: nothing was sent.", arguments.name));
        return Created::unlisted(arguments, id).print(session);
    }
    let choice = look.choose(arguments, recent, session.invocation())?;
    if let Some(warning) = id_like(&arguments.name) {
        printer.warn(&warning);
    }
    let pool = choice.pool(arguments, session.invocation())?;
    let parent = session.organization_id()?;
    let plan = Plan::new("About to create a child organization, which can never be deleted:");
    let plan = choice.describe(plan.server(session.place(), session.is_sandbox()), arguments, parent, pool);
    let alike = lookalikes(arguments.name.as_str(), look.children.all());
    let alike = if arguments.allow_similar_name || arguments.allow_duplicate_name { Vec::new() } else { alike };
    let plan = alike.iter().fold(plan, |plan, child| plan.danger("looks like", named(child)));
    confirmation.show(printer, &plan.line("journal", known));
    if let Some(child) = alike.first() {
        let doubt = format!("the name {} looks like that of {}, which exists", arguments.name, named(child));
        let hint = "choose another name, or add --allow-similar-name if this is another client";
        let question = format!("{doubt}. Is this another client?");
        confirmation.accept(printer, &question, Failure::failed(doubt).hint(hint)).await?;
    }
    if let Some(file) = torn {
        let doubt = format!("a torn record of the journal, kept in {}, may be a create of this name", file.display());
        let hint = format!(
            "look in Make for the child; if it is not there, remove {}, or run the command without --yes, on a terminal",
            file.display()
        );
        let question = format!("{doubt}. Have you looked in Make, and is there no such child?");
        confirmation.accept(printer, &question, Failure::failed(doubt).hint(hint)).await?;
    }
    if arguments.dry_run {
        printer.note("Dry run: nothing was sent.");
        return printer.one(&Planned::new(arguments, choice.region, choice.country, pool));
    }
    let question = format!("Create {} on {}, for ever?", arguments.name, session.place());
    confirmation.confirm(printer, &question).await?;

    let journal = session.journal(settle_time).await?;
    // Another command may have begun to create it meanwhile.
    if let Some(created) = earlier_creates::settled(session, arguments, &journal).await? {
        return created.print(session);
    }
    session.settle_allocations(&journal).await?;
    let request = choice.request(arguments);
    let allow_same_name = arguments.allow_duplicate_name;
    let outcome = session.create_child(&journal, asked(arguments), &request, allow_same_name, settle_time).await?;
    let created = record_of(session, arguments, outcome, pool).await?;
    created.warn_of_owner(printer, arguments);
    created.print(session)
}

/// Returns what the command asks for, as the journal has it: the owner stands with the intent.
fn asked(arguments: &CreateArgs) -> Asked {
    let CreateArgs { name, credits, .. } = arguments;
    Asked::command(format!("child create --name {} --credits {credits}", shell::word(name.as_str())))
}

fn named(child: &ChildOrganization) -> String {
    format!("{} {}", child.organization_id, name_of(child))
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

    /// Prints the child that has the name already, as `--if-absent` wants it, and says in what it is not what was asked for.
    fn existed(&self, session: &Session, arguments: &CreateArgs, child: &ChildOrganization) -> Result<(), Failure> {
        let pool = self.organization.as_ref().and_then(|organization| organization.license.as_ref()?.operations);
        let printer = session.printer();
        printer.note(&format!("{} exists already: nothing was sent.", named(child)));
        let asked = i64::try_from(arguments.credits.get()).unwrap_or(i64::MAX);
        if let Some(has) = child.operations_allocated.filter(|has| *has != asked) {
            let allocate = session.invocation().command(&format!("child allocate {} {asked}", child.organization_id));
            printer.warn(&format!(
                "it has {} credits and not the {} of this command: {allocate} sets them",
                grouped(has),
                grouped(asked)
            ));
        }
        if let Some(country) = child.country_id.filter(|country| *country != self.country.id) {
            printer.warn(&format!("it is in country {country} and not in {} {}", self.country.id, self.country.name));
        }
        Created::existed(arguments, child, pool).print(session)
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
    fn describe(&self, plan: Plan, arguments: &CreateArgs, parent: OrganizationId, pool: PoolChange) -> Plan {
        let Self { region, country, organization } = self;
        plan.line("distributor", distributor(parent, *organization))
            .line("name", &arguments.name)
            .line("owner", format!("{} <{}>", arguments.owner_name, arguments.owner_email))
            .line("region", format!("{} {} (can never be changed)", region.id, region.name))
            .line("country", format!("{} {}", country.id, country.name))
            .line("credits", grouped(arguments.credits.get()))
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
async fn record_of(
    session: &Session,
    arguments: &CreateArgs,
    outcome: CreateOnce,
    pool: PoolChange,
) -> Result<Created, Failure> {
    let name = &arguments.name;
    let id = match outcome {
        CreateOnce::Created { answer, .. } => return Ok(Created::answered(*answer, arguments)),
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
                let existed = Created::existed(arguments, &child, pool.before());
                return if arguments.if_absent { Ok(existed) } else { Err(existing(&child)) };
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
    if arguments.if_absent {
        Ok(Created::unlisted(arguments, id))
    } else {
        Err(unlisted(name, id, session.invocation()))
    }
}

/// Refuses a name that a child has by now.
fn existing(child: &ChildOrganization) -> Failure {
    let (id, name) = (child.organization_id, name_of(child));
    Failure::exists(format!("a child organization named {name:?} exists: {id}; nothing was sent")).hint(
        "choose another name; --if-absent is content with the one that is there, --allow-duplicate-name creates a second one",
    )
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
    Failure::exists(format!(
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
