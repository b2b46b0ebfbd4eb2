//! Apply that nobody can be asked about: what it would do, and the command that does it.

use super::{planned, refuse_stops, source::Source};
use crate::args::ApplyArgs;
use crate::command::fleet::apply::confirm::TYPED_FROM;
use crate::command::fleet::plan::view::{self, PlanContext};
use crate::command::fleet::{files, target};
use crate::output::failure::Failure;
use crate::session::Session;

/// Shows the plan, and refuses to carry it out.
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
    let (plan, observed) = planned(session, source, arguments).await?;
    view::show_before_question(session.printer(), &plan, &PlanContext::new(session, &plan, &observed, &names)?);
    refuse_stops(&plan)?;
    let creates = (plan.creates() >= TYPED_FROM).then(|| format!(" --creates {}", plan.creates()));
    let words = files::with_names("apply", &arguments.files) + &arguments.words() + " --yes";
    let command = session.invocation().command(&(words + creates.as_deref().unwrap_or_default()));
    Err(refusal.hint(format!("nothing was sent: {command} does it without asking")))
}
