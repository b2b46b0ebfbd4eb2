//! Reserved names: those that the generated code has already.

/// Methods of the client - generated, of its traits, and written by hand in mms-client - and of a mock server.
const METHODS_OF_CLIENT: [&str; 19] = [
    "api_version",
    "baseurl",
    "builder",
    "call",
    "child_organizations",
    "client",
    "clone",
    "exec",
    "fmt",
    "inner",
    "into",
    "mock",
    "new",
    "new_with_client",
    "organizations",
    "post",
    "pre",
    "readable",
    "to_owned",
];

/// Types that the module of the builders uses without a path. A builder is a type of that module, named after its
/// operation, and would hide them.
const TYPES_OF_BUILDERS: [&str; 27] = [
    "box",
    "byte_stream",
    "client_hooks",
    "client_info",
    "clone",
    "debug",
    "default",
    "display",
    "err",
    "error",
    "from",
    "into",
    "none",
    "ok",
    "operation_info",
    "option",
    "request_builder_ext",
    "response_value",
    "result",
    "self",
    "some",
    "string",
    "to_string",
    "try_from",
    "try_into",
    "v",
    "vec",
];

/// Methods of a builder or of a mock, and variables that would hide a parameter's; without underscores.
const IN_BUILDERS: [&str; 7] = ["body", "headermap", "info", "intoinner", "new", "send", "stream"];

/// Headers that the client or HTTP sets.
const HEADERS: [&str; 8] =
    ["accept", "api-version", "authorization", "connection", "content-length", "content-type", "host", "user-agent"];

/// Says whether an operation cannot have an id, which is given without underscores.
pub(super) fn is_taken_by_the_client(identifier: &str) -> bool {
    let taken = METHODS_OF_CLIENT.iter().chain(&TYPES_OF_BUILDERS);
    taken.into_iter().any(|name| identifier == super::identifier(name))
}

/// Returns the names that a parameter cannot have, each without underscores.
pub(super) fn in_builders() -> impl Iterator<Item = String> {
    IN_BUILDERS.iter().map(|name| (*name).to_owned())
}

/// Says whether a header is none that a caller sets.
pub(super) fn is_set_by_the_client(header: &str) -> bool {
    HEADERS.contains(&header.to_ascii_lowercase().as_str())
}
