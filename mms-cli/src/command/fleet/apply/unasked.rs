//! Apply that nobody can be asked about: what it would do, and the command that does it.

use super::confirm::{TYPED_FROM, refuse_other_number};
use super::source::Source;
use super::{conclude_nothing, planned, refuse_stops, refuse_used};
use crate::args::ApplyArgs;
use crate::command::fleet::plan::view::{self, PlanContext};
use crate::command::fleet::{files, target};
use crate::output::failure::Failure;
use crate::session::Session;

/// Shows the plan, and refuses to carry it out. One of nothing needs no answer, unless it is not known yet what became of a write.
pub(super) async fn refuse(
    session: &Session,
    source: &Source,
    arguments: &ApplyArgs,
    refusal: Failure,
) -> Result<(), Failure> {
    let names = source.names(&arguments.files);
    if let Source::Fleet(files) = source {
        target::check(session, &files.fleet().target, &names)?;
    }
    if source.plan_id().is_some() {
        refuse_used(source, &session.history()?)?;
    }
    let (plan, observed) = planned(session, source, arguments).await?;
    view::show_before_question(session.printer(), &plan, &PlanContext::new(session, &plan, &observed, &names, 0)?);
    refuse_stops(&plan)?;
    if plan.is_empty() && session.count_open_writes()? == 0 {
        return conclude_nothing(session, source, &plan);
    }
    refuse_other_number(plan.creates(), arguments.creates)?;
    let creates =
        (plan.creates() >= TYPED_FROM || arguments.creates.is_some()).then(|| format!(" --creates {}", plan.creates()));
    let words = files::with_names("apply", &arguments.files) + &arguments.words() + " --yes";
    let command = session.invocation().command(&(words + creates.as_deref().unwrap_or_default()));
    Err(refusal.hint(format!("nothing was sent: {command} does it without asking")))
}
