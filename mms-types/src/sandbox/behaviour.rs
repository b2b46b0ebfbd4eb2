//! Behaviour: what Make leaves open, one switch each.

use serde::{Deserialize, Serialize};

use crate::schema::pagination::PageLimit;

macro_rules! switch {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident, $($(#[$other_doc:meta])* $other:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$other_doc])* $other),+
        }
    };
}

switch!(
    /// Whether the list of children takes `pg[limit]` and `pg[offset]`.
    Paging {
        /// As Make's other lists do.
        Honoured,
        /// As if they had not been sent: every answer is the first page.
        Ignored,
    }
);
switch!(
    /// Whether the API takes what its documentation does not rule out.
    Verdict {
        /// It does.
        Accepted,
        /// It does not.
        Refused,
    }
);
switch!(
    /// What `operationsDiff` says where an allocation was lowered.
    DiffSign {
        /// A negative number.
        Signed,
        /// A number without its sign.
        Absolute,
    }
);
switch!(
    /// The status of an answered create.
    CreateStatus {
        /// 200.
        Ok,
        /// 201.
        Created,
    }
);
switch!(
    /// Whether the consumption has a row for a child that consumed nothing.
    ConsumptionRows {
        /// Every child has a row.
        All,
        /// Only children that consumed something.
        Active,
    }
);
switch!(
    /// Whether an answer with 429 says when to come back.
    RetryAfter {
        /// It does not.
        Absent,
        /// It has the header `Retry-After`, in seconds.
        Present,
    }
);
switch!(
    /// The body of an answer with 429.
    LimitBody {
        /// Plain text.
        Text,
        /// An error in Make's shape.
        Json,
    }
);
switch!(
    /// How requests of an organization are counted against its limit a minute.
    Limiter {
        /// A minute of the clock at a time, each with its own count.
        FixedWindow,
        /// Every request of the last 60 seconds.
        SlidingLog,
        /// This minute's count and a share of the last one's, as is usual over Redis.
        SlidingCounter,
        /// A bucket that holds a minute's worth and refills evenly.
        Bucket,
        /// Not at all.
        Off,
    }
);
switch!(
    /// What a token sees of an organization that is not its own.
    Foreign {
        /// 404, as if it did not exist.
        NotFound,
        /// 403, access denied.
        Forbidden,
    }
);

/// How the sandbox behaves where Make's documentation leaves it open. A switch that is left out has its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Behaviour {
    /// Whether the list of children takes `pg[limit]` and `pg[offset]`. Default: honoured.
    pub paging: Paging,
    /// The most children in a page where the caller names no number. Default: 100.
    pub page_limit: PageLimit,
    /// An allocation below what the child has consumed, which pauses it, or 406. Default: accepted.
    pub lowering_below_consumption: Verdict,
    /// A second child of the same name under one distributor, or 409. Default: accepted.
    pub duplicate_names: Verdict,
    /// Default: signed.
    pub operations_diff: DiffSign,
    /// Default: ok.
    pub create_status: CreateStatus,
    /// Default: all.
    pub consumption_rows: ConsumptionRows,
    /// Default: fixed window.
    pub limiter: Limiter,
    /// Default: absent.
    pub retry_after: RetryAfter,
    /// Default: text.
    pub limit_body: LimitBody,
    /// Default: not found.
    pub foreign_organization: Foreign,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            paging: Paging::default(),
            page_limit: PageLimit::DEFAULT,
            lowering_below_consumption: Verdict::default(),
            duplicate_names: Verdict::default(),
            operations_diff: DiffSign::default(),
            create_status: CreateStatus::default(),
            consumption_rows: ConsumptionRows::default(),
            limiter: Limiter::default(),
            retry_after: RetryAfter::default(),
            limit_body: LimitBody::default(),
            foreign_organization: Foreign::default(),
        }
    }
}
