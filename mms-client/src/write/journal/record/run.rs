//! Run: what several writes were made for.

use mms_types::OrganizationId;
use serde::{Deserialize, Serialize};

use super::{Moment, RunId};

/// What several writes were made for: who asked for them, when, by which command, from which files and plan.
///
/// It is written down before the first of them ([`Journal::record_run`](crate::WriteJournal::record_run)), and each of them names it:
/// [`RunJournal`](crate::RunJournal).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The run itself.
    pub id: RunId,
    /// When it began.
    pub at: Moment,
    /// The name of the API.
    pub api: String,
    /// The distributor.
    pub parent: OrganizationId,
    /// Who asked for it, such as `ada@office`.
    pub who: String,
    /// The command, such as `apply`.
    pub command: String,
    /// The files that said what to write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The id of the saved plan that was carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
}
