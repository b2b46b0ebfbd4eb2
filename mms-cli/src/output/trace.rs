//! Traces of client and sandbox on standard error: one line for each request and event.

use std::fmt;
use std::io::{self, Write};

use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::{FmtSpan, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{self as lines, FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::util::SubscriberInitExt;

use super::request_lines::RequestLines;
use super::safe::Secrets;

/// Variable that names targets and levels.
const LOG: &str = "MMS_LOG";

/// Shows from now on what client and sandbox do, the more the higher `verbose` is: a line for each request of the client, or else
/// their traces. `MMS_LOG` names targets and levels, as in `mms_client=trace`, and goes before it. None of them ever contains the
/// token, nor any other of the secrets.
pub(crate) fn show(verbose: u8, is_server: bool, secrets: Secrets) {
    let level = match verbose {
        0 if std::env::var_os(LOG).is_none() => return,
        0 | 1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let named = std::env::var(LOG).ok().and_then(|named| named.parse::<Targets>().ok());
    if named.is_none() && verbose == 1 && !is_server {
        let client = Targets::new().with_target("mms_client", LevelFilter::DEBUG);
        tracing_subscriber::registry().with(RequestLines(secrets).with_filter(client)).init();
        return;
    }
    let own_crates = || Targets::new().with_target("mms_client", level).with_target("mms_sandbox", level);
    let layer = lines::layer().with_ansi(false).with_span_events(FmtSpan::CLOSE).event_format(Line);
    let targets = named.unwrap_or_else(own_crates);
    tracing_subscriber::registry()
        .with(layer.with_writer(move || WithoutSecrets(secrets.clone())))
        .with(targets)
        .init();
}

/// Standard error, to which a line goes as a whole.
struct WithoutSecrets(Secrets);

impl Write for WithoutSecrets {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        io::stderr().lock().write_all(self.0.hide(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Format of a line: time, level, the spans with their fields, and what an event adds. The end of a span adds nothing.
struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut line: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        SystemTime.format_time(&mut line)?;
        write!(line, " {:>5}", event.metadata().level())?;
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            write!(line, " {}", span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                write!(line, " {fields}")?;
            }
        }
        if event.metadata().is_event() {
            write!(line, " ")?;
            context.field_format().format_fields(line.by_ref(), event)?;
        }
        writeln!(line)
    }
}
