//! Traces of client and sandbox on standard error: one line for each request and event.

use std::{fmt, io};

use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::{FmtSpan, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{self as lines, FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::util::SubscriberInitExt;

/// Shows traces from now on, the more the higher `verbose` is; none of them ever contains the token.
pub(crate) fn show(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let own_crates = Targets::new().with_target("mms_client", level).with_target("mms_sandbox", level);
    let layer = lines::layer().with_ansi(false).with_span_events(FmtSpan::CLOSE).event_format(Line);
    tracing_subscriber::registry().with(layer.with_writer(io::stderr)).with(own_crates).init();
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
