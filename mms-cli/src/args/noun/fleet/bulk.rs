//! Arguments of tables: many children in one command.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use std::path::PathBuf;

use clap::Args;

/// Arguments of a table of new children.
#[derive(Debug, Args)]
pub(crate) struct CreateTableArgs {
    /// Table of the children to create, a row each; - reads standard input. It is CSV with a comma, semicolon or tab, or an
    /// object in JSON a line. Its columns, by their titles in any case and spacing, with their other names: name
    /// (organizationName, organization, company, companyName, client, clientName, customer, customerName, child); owner_name
    /// (userName, contact, contactName); owner_email (userEmail, email, mail, contactEmail); region (regionId); country
    /// (countryId, countryCode); credits (operations, operationsAllocated, allocation); external_id (crmId, clientId,
    /// customerId, reference), which only the report has. The flags of the same names stand for columns and cells that are
    /// empty. Columns of another system are left out and named, but for those that may be misspelt ones of these
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "allow_duplicate_name"])]
    pub(crate) from: Option<PathBuf>,
    /// With --from: how many organizations are new, as the dry run says; of another number nothing is sent. With --yes it is
    /// needed for more than ten, since none can ever be deleted. What this machine made of the table before may be counted in,
    /// so that the command can be run again as it is
    #[arg(long, value_name = "NUMBER", requires = "from", allow_negative_numbers = true)]
    pub(crate) creates: Option<u64>,
    /// With --from: a CSV file to which each row is written once its outcome is known: line, name, external_id, outcome, id,
    /// credits, error. An earlier report is replaced, any other file is not
    #[arg(long, value_name = "FILE", requires = "from", conflicts_with = "dry_run")]
    pub(crate) report: Option<PathBuf>,
}

/// Arguments of a table of allocations.
#[derive(Debug, Args)]
pub(crate) struct AllocationTableArgs {
    /// Table of the allocations, a row each; - reads standard input. It is CSV with a comma, semicolon or tab, or an object
    /// in JSON a line. Its columns, by their titles in any case and spacing, with their other names: id (organizationId,
    /// childOrganizationId, childId), name (organizationName, organization, company, companyName, client, clientName,
    /// customer, customerName) or child, which is either; credits (operations, operationsAllocated, allocation), a total, or
    /// a difference with its sign; external_id (crmId, clientId, customerId, reference), which only the report has. Where a
    /// row has id and name the child of that id has to have that name. The other columns of a list of children are passed over,
    /// and those of another system left out and named, but for those that may be misspelt ones of these
    #[arg(long, value_name = "FILE", visible_alias = "file", conflicts_with = "words")]
    pub(crate) from: Option<PathBuf>,
    /// With --from: a CSV file to which each row is written once its outcome is known: line, name, external_id, outcome, id,
    /// credits, error. An earlier report is replaced, any other file is not
    #[arg(long, value_name = "FILE", requires = "from", conflicts_with = "dry_run")]
    pub(crate) report: Option<PathBuf>,
    /// With --from: the most changes that are under way at once
    #[arg(long, value_name = "NUMBER", requires = "from", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) parallel: Option<u8>,
}
