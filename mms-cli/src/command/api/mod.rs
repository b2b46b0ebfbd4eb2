//! `mms api`: any path of the API, as it is. A write shows what it sends, asks, and is sent once.

mod effect;
mod pages;
mod request;

use mms_client::{Error, RawAnswer, RawMethod, RawRequest};
use mms_types::OrganizationId;
use serde_json::Value;

use crate::args::{ApiArgs, GlobalArgs};
use crate::output::failure::Failure;
use crate::output::plan::Plan;
use crate::output::printer::Printer;
use crate::output::progress::Progress;
use crate::output::questions::Confirmation;
use crate::session::{Access, Session};
use effect::Effect;
use pages::{Next, Pages};
use request::Draft;

/// Distributor that stands in a path before one is known.
const ANY: OrganizationId = OrganizationId::new(1);

/// Most characters of a body that a plan shows.
const MOST_OF_A_BODY: usize = 2_000;

/// Sends a request.
pub(super) async fn run(arguments: &ApiArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_document(arguments.include)?;
    let is_token_piped = global.token_file.as_ref().is_some_and(|file| file.as_os_str() == "-");
    let draft = Draft::read(arguments, is_token_piped)?;
    // A path that is none is refused before anything is opened.
    draft.request(Some(ANY))?;
    if arguments.paginate {
        refuse_pages(&draft.request(Some(ANY))?)?;
    }
    let is_read = arguments.method.is_read();
    let confirmation = Confirmation::unless_dry(global.yes, is_read || arguments.dry_run)?;
    let access = Access::of_write(is_read || arguments.dry_run);
    Session::with_access_anywhere(access, draft.names_distributor(), global, printer, "api", async |session| {
        let distributor = if draft.names_distributor() { Some(session.organization_id()?) } else { None };
        let request = draft.request(distributor)?;
        match (arguments.dry_run, is_read) {
            (true, _) => dry_run(session, &request),
            (_, false) => write(session, arguments, &request, confirmation).await,
            (_, true) if arguments.paginate => read_pages(session, &request).await,
            (_, true) => print(session, arguments, &request, &session.raw_read(&request).await?),
        }
    })
    .await
}

/// Refuses pages where there are none, or where the caller follows them.
fn refuse_pages(request: &RawRequest) -> Result<(), Failure> {
    let method = request.method();
    if method != RawMethod::Get {
        return Err(Failure::usage(format!("--paginate: a {method} has no pages")).hint("a list is read with GET"));
    }
    if has_parameter(request, "pg%5Boffset%5D") {
        return Err(Failure::usage("--paginate and pg[offset] exclude each other").hint("leave one of them out"));
    }
    Ok(())
}

/// Says whether the query has a parameter, by its encoded name.
fn has_parameter(request: &RawRequest, name: &str) -> bool {
    let target = request.target();
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|parameter| parameter.split('=').next().is_some_and(|it| it.eq_ignore_ascii_case(name)))
}

/// Shows the request.
fn dry_run(session: &Session, request: &RawRequest) -> Result<(), Failure> {
    if !request.method().is_read() {
        session.printer().plan(&plan(session, request), false);
    }
    session.printer().note("Dry run: nothing was sent.");
    let body = request.body().map_or_else(|| "null".into(), String::from_utf8_lossy);
    let [method, path] = [request.method().as_str(), &request.target()].map(Value::from);
    let planned = format!("{{\"method\":{method},\"path\":{path},\"body\":{body},\"outcome\":\"planned\"}}\n");
    session.printer().document(planned.as_bytes(), None)
}

/// Sends a write, once it is confirmed.
async fn write(
    session: &Session,
    arguments: &ApiArgs,
    request: &RawRequest,
    confirmation: Confirmation,
) -> Result<(), Failure> {
    let (printer, effect) = (session.printer(), Effect::of(request));
    confirmation.show(printer, &plan(session, request));
    let question = format!("Send {} {} to {}?", request.method(), request.path(), session.place());
    confirmation.confirm(printer, &question).await?;

    let look = effect.look(request, session.invocation());
    let answer = session.raw_write(request).await.map_err(|failure| failure.hint_if_unknown(look.clone()))?;
    if effect == Effect::Create && answer.error().is_none() {
        printer.note("No journal knows of this create: `mms child settle` does not look for it.");
    }
    match print(session, arguments, request, &answer) {
        Err(failure) if answer.error().is_some() => Err(failure.hint_if_unknown(look)),
        // What was printed, or not, changes nothing about the write.
        Err(failure) => Err(failure.after("the request was carried out", &effect.show(request, session.invocation()))),
        Ok(()) => Ok(()),
    }
}

/// Describes a write.
fn plan(session: &Session, request: &RawRequest) -> Plan {
    let address = session.base_url().map(ToString::to_string).unwrap_or_default();
    // Another server than Make's own may be a sandbox, which only its answers tell.
    let is_open = !session.is_sandbox() && !session.is_zone();
    let unasked = if is_open { " (nothing was asked of it yet: it may be a sandbox)" } else { "" };
    let server = format!("{}{unasked}", session.place());
    let plan = Plan::new("About to send a request as it is, without the checks of other commands:")
        .server(&server, session.is_sandbox())
        .line("request", format!("{} {address}{}", request.method(), request.target()))
        .line("body", request.body().map_or_else(|| "none".to_owned(), shown));
    let plan = plan.line("sent", "once; without an answer nobody looks whether it was carried out");
    match Effect::of(request).warning(session.invocation()) {
        Some(warning) => plan.danger("effect", warning),
        None => plan,
    }
}

/// Returns the beginning of a body, and how long it is where that is not all.
fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let cut = text.char_indices().nth(MOST_OF_A_BODY);
    let cut = cut.map(|(end, _)| format!("{}... ({} bytes)", &text[..end], body.len()));
    cut.unwrap_or_else(|| text.trim_end().to_owned())
}

/// Reads all pages of a list.
async fn read_pages(session: &Session, request: &RawRequest) -> Result<(), Failure> {
    let (printer, has_limit) = (session.printer(), has_parameter(request, "pg%5Blimit%5D"));
    let mut pages = Pages::new(has_limit);
    let mut progress = Progress::begin(printer, "rows read");
    let mut page = request.clone();
    loop {
        let answer = session.raw_read(&page).await?;
        if let Some(error) = answer.error() {
            return Err(refused(session, &page, error, printer.document(answer.body(), None)));
        }
        let next = pages.take(answer.body()).map_err(|reason| {
            Failure::failed(format!("GET {}: the answer cannot be followed page by page: {reason}", page.target()))
                .hint("leave --paginate out to see it")
        })?;
        progress.advance(pages.len());
        page = match next {
            Next::Page { limit, offset } => {
                let page = request.clone().query("pg[offset]", &offset.to_string());
                if has_limit { page } else { page.query("pg[limit]", &limit.to_string()) }
            }
            Next::End => break,
            Next::Cut => {
                printer.warn("the list may be cut: a full page was followed by one that added nothing");
                break;
            }
        };
    }
    printer.clear_passing();
    let joined = pages.joined();
    printer.document(joined.whole.as_bytes(), Some(&joined.rows))
}

/// Prints an answer, and says what it means where it is no success.
fn print(session: &Session, arguments: &ApiArgs, request: &RawRequest, answer: &RawAnswer) -> Result<(), Failure> {
    let printer = session.printer();
    let with_head = arguments.include || request.method() == RawMethod::Head;
    let head = if with_head { printer.head(answer) } else { Ok(()) };
    let written = head.and_then(|()| printer.document(answer.body(), None));
    match answer.error() {
        Some(error) => Err(refused(session, request, error, written)),
        None => written,
    }
}

/// Makes the failure of an answer that is no success. That it could not be printed is told beside it, for it says nothing about what
/// became of the request.
fn refused(session: &Session, request: &RawRequest, error: &Error, written: Result<(), Failure>) -> Failure {
    if let Err(failure) = written {
        session.printer().warn(failure.message());
    }
    session.raw_failure(error, request)
}
