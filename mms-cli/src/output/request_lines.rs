//! Lines of `-v`: one for each request, with method, path, status, time and attempt.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::time::Instant;

use mms_client::operation;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::safe::{Secrets, printable};

/// Layer that writes a line when an attempt of the client ends, without the secrets.
pub(super) struct RequestLines(pub(super) Secrets);

/// What is known of a span: of an operation its id, of an attempt the rest.
struct Known {
    fields: Fields,
    begun: Instant,
}

#[derive(Default)]
struct Fields {
    operation_id: Option<String>,
    /// Method and path of a raw request.
    request: Option<String>,
    attempt: Option<u64>,
    status: Option<u64>,
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "attempt" => self.attempt = Some(value),
            "status" => self.status = Some(value),
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "operation_id" {
            self.operation_id = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "request" {
            self.request = Some(format!("{value:?}"));
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for RequestLines {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Known { fields, begun: Instant::now() });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(known) = span.extensions_mut().get_mut::<Known>()
        {
            values.record(&mut known.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id).filter(|span| *span.metadata().level() == Level::DEBUG) else { return };
        let of_operation = |Known { fields, .. }: &Known| match &fields.request {
            Some(request) => Some(printable(request).into_owned()),
            None => fields.operation_id.as_deref().map(words),
        };
        let request = span.parent().and_then(|parent| parent.extensions().get::<Known>().and_then(of_operation));
        let extensions = span.extensions();
        let Some(Known { fields, begun }) = extensions.get::<Known>() else { return };
        if let (Some(attempt), Some(request)) = (fields.attempt, request) {
            let line = line(&request, attempt, fields.status, begun.elapsed().as_millis());
            // A failure of that cannot be reported anywhere.
            let _ = io::stderr().lock().write_all(self.0.hide(&line).as_bytes());
        }
    }
}

/// Words an operation, such as `GET /organizations/{organizationId}`.
fn words(operation_id: &str) -> String {
    match operation(operation_id) {
        Some(operation) => format!("{} {}", operation.method, operation.path),
        None => operation_id.to_owned(),
    }
}

/// Words a request with its answer, such as `GET /enums/imt-regions 200 in 12 ms`.
fn line(request: &str, attempt: u64, status: Option<u64>, millis: u128) -> String {
    let mut line = request.to_owned();
    // A text takes whatever is written to it.
    let _ = match status {
        Some(status) => write!(line, " {status} in {millis} ms"),
        None => write!(line, " no answer in {millis} ms"),
    };
    if attempt > 1 {
        let _ = write!(line, ", attempt {attempt}");
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_method_path_status_time_and_a_further_attempt() {
        let regions = words("list_regions");
        assert_eq!(line(&regions, 1, Some(200), 12), "GET /enums/imt-regions 200 in 12 ms\n");
        assert_eq!(line(&regions, 2, None, 900), "GET /enums/imt-regions no answer in 900 ms, attempt 2\n");
    }
}
