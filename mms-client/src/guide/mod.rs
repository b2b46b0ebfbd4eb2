//! What the client promises, a chapter for each promise, and where the promise ends.
//!
//! The examples run against the sandbox of this project, which fails on command.
//!
//! | promise | chapter |
//! | --- | --- |
//! | a write is never sent again on an old look | [What is sent again, and what is not](#what-is-sent-again-and-what-is-not) |
//! | the server's limit is kept, by all clones and, if asked, by all programs | [How fast requests go](#how-fast-requests-go) |
//! | a call ends, and leaves nothing behind | [How long a call takes](#how-long-a-call-takes) |
//! | a child is created at most once per intent | [What happens when the answer to a create is lost](#what-happens-when-the-answer-to-a-create-is-lost) |
//! | a death of the program loses no create | [What happens when the program dies](#what-happens-when-the-program-dies) |
//! | an allocation is known in the end | [What happens when the answer to an allocation is lost](#what-happens-when-the-answer-to-an-allocation-is-lost) |
//! | a write costs few requests | [How many requests it takes](requests) |
//! | a large fleet fits into little memory | [Reading a large fleet](#reading-a-large-fleet) |
//! | an error says what it means for its caller | [What an error says](#what-an-error-says) |
//! | the token shows nowhere | [Where the token is](#where-the-token-is) |
//! | every call can be followed | [What is traced](traces) |
//!
//! What no client can promise stands at the end: [Twelve ways it can still go
//! wrong](#twelve-ways-it-can-still-go-wrong).
//!
//! # What is sent again, and what is not
//!
//! What `send()` does by itself:
//!
//! | what was seen | a read | an allocation | a create |
//! | --- | --- | --- | --- |
//! | no connection came about | again | again | error |
//! | no connection, because of a certificate or another protocol | error | error | error |
//! | 429 | after `Retry-After` or a minute | the same | error, which says how long to wait |
//! | 429 or 503 with a `Retry-After` beyond the cap | error, which says how long to wait | the same | the same |
//! | 408, 424, 425, 5xx, a timeout, a broken connection, a body that broke off | again | error, `maybe_sent` | error, `maybe_sent` |
//! | 400 to 407, 409 to 417, 422, 426, 428, 431, 451 | error | error | error |
//! | any other 4xx, a redirect, an answer that cannot be read | error | error, `maybe_sent` | error, `maybe_sent` |
//!
//! An allocation is a total, so that sending it again after a 429 does it once; whoever set another one in the wait is
//! overwritten. A create needs a look at the list first, which only its caller can take. The careful calls,
//! [`create_child_once`](crate::Client::create_child_once) and [`set_allocation`](crate::Client::set_allocation), send a write once
//! on each look, and the look is at most 2 s old (60 s where it takes more than ten requests); a turn that the pace gives later
//! than that is used for another look. After a 429, and where no connection came about, they wait, look, and go on only if nothing
//! has changed. A create takes a connection of its own, since the server may have closed one that was idle.
//!
//! Only a connection that did not come about proves that nothing was sent. A refusal is the server's word, and not a proof:
//! `create_child_once` looks after every one. After a 429, which some gateways send after the work, and after a 404 for a
//! distributor whose list was read a moment ago, it goes on or believes it only if the pool proves that nothing came of it. Where
//! the token may not read the pool, or the child is to have no operations, it looks for the settling time and then says that it
//! does not know. Which column an operation has stands in the contract
//! (`x-operation-kind`), and [`operations`](crate::operations) has it at run time. A request to any other path,
//! [`send_raw`](crate::Client::send_raw), is a read where its method is GET or HEAD, and a create where it is any other. How often, after what waits and out of which
//! budget is a [`RetryPolicy`](crate::RetryPolicy).
//!
//! ```
//! # use mms_client::{Client, types::{OrganizationId, UpdateAllocationRequest}};
//! # use mms_sandbox::{Sandbox, types::{FaultKind, FaultRule}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! let gateway = || FaultRule::from(FaultKind::BadGateway).times(1);
//!
//! sandbox.control().add_fault(gateway())?;
//! client.list_regions().send().await?; // a read: the second attempt is answered
//!
//! sandbox.control().add_fault(gateway())?;
//! let request = UpdateAllocationRequest { operations: "20000".parse()? };
//! let update = client.update_child_organization_allocation().organization_id(11).child_organization_id(101);
//! let error = update.body(request).send().await.unwrap_err();
//! assert_eq!((error.attempts(), error.maybe_sent()), (1, true)); // a write: one attempt, and the caller decides
//! # Ok(())
//! # }
//! ```
//!
//! # How fast requests go
//!
//! Make counts requests per minute and organization, does not say how, and answers 429 to every tool of the organization once
//! they are used up. From idle the client sends as many at once as fit into the limit, less a few; then one at a time, evenly.
//! That keeps the limit however the server counts, and for limits of 60 a minute and more costs a twentieth of the time at most
//! ([`Pace`](crate::Pace)). All clones of a client share one queue for each organization, first come, first served; a dropped
//! call gives its place back, and one that is sent again keeps it. A call that is polled once and then neither polled nor
//! dropped holds up those behind it.
//!
//! The limit is what [`requests_per_minute`](crate::ClientBuilder::requests_per_minute) says, else what the organization's
//! `license.apiLimit` says, which is asked for before a call would have to wait for the count; 60 until then, and where the token
//! may not read it. After a 429 that came all the same every call waits, as told or for a minute, and then goes at 0.7 of the
//! rate - whose limit is asked for first, if it is not known yet - which recovers by a twentieth of the limit a minute. The
//! question for the limit is a request like any other, waits 5 s at most for its answer, and is left out by a call that has no
//! more time than that. [`on_wait`](crate::ClientBuilder::on_wait) tells of each wait.
//!
//! A request that names no organization, such as one for the regions, may count against any that the token belongs to: it takes its
//! turn with those of the client's own organization, or else of the busiest, and counts for every other.
//!
//! Programs that share an organization share its limit, and what they learn of it and of a 429, only if they share a send log. It
//! has the time since the machine was started beside that of the wall clock, so that a clock which is set frees no slot:
//!
//! ```
//! # use mms_sandbox::Sandbox;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let token: mms_client::ApiToken = sandbox.token().parse()?;
//! # let state = tempfile::tempdir()?;
//! # let state = state.path();
//! use std::sync::Arc;
//! use mms_client::types::OrganizationId;
//! use mms_client::{Client, FileSendLog};
//!
//! let distributor = OrganizationId::new(11);
//! let client = Client::builder(url, token)
//!     .organization_id(distributor) // for requests that name none, such as those for countries
//!     .requests_per_minute(240.try_into()?) // Make Pro; without it the client asks
//!     .send_log(Arc::new(FileSendLog::new(state.join("sent"))))
//!     .build()?;
//! for _ in 0..100 {
//!     client.list_regions().send().await?; // within the burst, so at once
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How long a call takes
//!
//! | bound | default | what it ends |
//! | --- | --- | --- |
//! | [`connect_timeout`](crate::ClientBuilder::connect_timeout) | 5 s | the making of a connection, TLS included |
//! | [`read_timeout`](crate::ClientBuilder::read_timeout) | 30 s | a silence of the server |
//! | [`timeout`](crate::ClientBuilder::timeout) | 90 s | an attempt, to the last byte of its answer |
//! | [`total_timeout`](crate::ClientBuilder::total_timeout) | 5 min | the call: its turn, its attempts, its waits |
//! | [`answer_limit`](crate::ClientBuilder::answer_limit) | 256 MiB | an answer that does not end |
//!
//! A wait that would end after the deadline is not begun, nor is a write in its last 5 s: the error comes at once and says
//! so. Every call can be dropped at any
//! point; nothing of it goes on in the background. A write that is dropped may have been sent, so give writes a deadline
//! rather than a `select!`.
//!
//! ```
//! # use std::time::Duration;
//! # use mms_client::Client;
//! # use mms_sandbox::{Sandbox, types::{FaultAction, FaultKind, FaultRule}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! let busy = FaultAction { retry_after_seconds: Some(3_600), ..FaultKind::TooManyRequests.into() };
//! sandbox.control().add_fault(FaultRule::from(busy))?;
//!
//! let client = Client::builder(url, sandbox.token().parse()?).total_timeout(Duration::from_secs(10)).build()?;
//! let error = client.list_regions().send().await.unwrap_err();
//! assert!(error.is_rate_limited() && error.elapsed() < Duration::from_secs(10)); // it did not wait in vain
//! # Ok(())
//! # }
//! ```
//!
//! # What happens when the answer to a create is lost
//!
//! A child can never be deleted, and Make knows no idempotency key: a create that is sent again after a lost answer makes a
//! second child, for ever. [`create_child_once`](crate::Client::create_child_once) looks at the list, writes its intent into a
//! [`Journal`](crate::Journal), sends one create, and writes the outcome. If the answer is lost it looks at the list again, at
//! once and then for three and a half minutes: exactly one new child of the same name, allocation and country is adopted. An
//! answer that names no child, one from before, one of another intent or another owner counts as lost. Two names that read the
//! same ([`NameKey`](crate::types::NameKey)) are one name: for the list, the journal and calls side by side.
//!
//! ```
//! # use mms_client::{Client, CreateOnce, CreateOncePolicy, MemoryJournal};
//! # use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
//! # use mms_sandbox::{Sandbox, types::{FaultKind, FaultRule}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! # let request = CreateChildOrganizationRequest {
//! #     organization_name: "Panadería Sol".parse()?,
//! #     user_name: "Ada Owner".parse()?,
//! #     user_email: "ada@sol.example".parse()?,
//! #     region_id: 1.try_into()?,
//! #     country_id: 7.try_into()?,
//! #     operations: "20000".parse()?,
//! # };
//! // The server does the work, and hangs up before it answers.
//! sandbox.control().add_fault(FaultRule::from(FaultKind::CloseAfter).on("create_child_organization").times(1))?;
//!
//! let (distributor, journal, policy) = (OrganizationId::new(11), MemoryJournal::new(), CreateOncePolicy::default());
//! let child = client.create_child_once(distributor, &request, &journal, &policy).await?;
//! assert!(matches!(child, CreateOnce::Adopted { .. }));
//!
//! // The same call again finds the child, and sends nothing.
//! let again = client.create_child_once(distributor, &request, &journal, &policy).await?;
//! assert!(matches!(again, CreateOnce::Existed { .. }));
//! assert_eq!(again.organization_id(), child.organization_id());
//! # Ok(())
//! # }
//! ```
//!
//! Everything else is an error that says what is known, and after which the name stays closed: several children fit
//! ([`is_ambiguous`](crate::CreateOnceError::is_ambiguous)), none does, which proves nothing
//! ([`is_unproven`](crate::CreateOnceError::is_unproven)), or none does although the pool fell
//! ([`is_contradiction`](crate::CreateOnceError::is_contradiction)). A later call looks again; a person who has looked decides
//! with [`Journal::resolve`](crate::Journal::resolve).
//!
//! # What happens when the program dies
//!
//! With a [`FileJournal`](crate::FileJournal) the intent is on disk before the create is sent. Whatever ends the program, the
//! next run finds an intent without an outcome and settles it: [`create_child_once`](crate::Client::create_child_once) that of
//! its own name, [`settle_open_intents`](crate::Client::settle_open_intents) all of them. Settling only reads.
//!
//! ```
//! # use mms_client::{Client, CreateOncePolicy, FileJournal};
//! # use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
//! # use mms_sandbox::{Sandbox, types::{FaultAction, FaultKind, FaultRule}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! # let state = tempfile::tempdir()?;
//! # let path = state.path().join("intents");
//! # let request = CreateChildOrganizationRequest {
//! #     organization_name: "Panadería Sol".parse()?,
//! #     user_name: "Ada Owner".parse()?,
//! #     user_email: "ada@sol.example".parse()?,
//! #     region_id: 1.try_into()?,
//! #     country_id: 7.try_into()?,
//! #     operations: "20000".parse()?,
//! # };
//! # let slow = FaultAction { milliseconds: Some(600_000), ..FaultKind::DelayAfter.into() };
//! # sandbox.control().add_fault(FaultRule::from(slow).on("create_child_organization").times(1))?;
//! let (distributor, policy) = (OrganizationId::new(11), CreateOncePolicy::default());
//! {
//!     let journal = FileJournal::open(&path)?;
//!     let create = client.create_child_once(distributor, &request, &journal, &policy);
//!     // Here the program dies: the create was sent, and its answer never seen.
//! #   let was_carried_out = async {
//! #       while sandbox.control().state().await.unwrap().distributors[0].children.len() < 4 {
//! #           tokio::task::yield_now().await;
//! #       }
//! #   };
//! #   tokio::select! {
//! #       _ = create => unreachable!("it is not answered"),
//! #       () = was_carried_out => {}
//! #   }
//! }
//! let journal = FileJournal::open(&path)?;
//! let settled = client.settle_open_intents(&journal, &policy).await?;
//! println!("{} is {}", settled[0].intent.organization_name, settled[0].outcome.as_ref().unwrap().organization_id());
//! assert!(journal.open_intents()?.is_empty());
//! # use mms_client::Journal as _;
//! # Ok(())
//! # }
//! ```
//!
//! One program at a time has the file; another one is refused and told who has it. Keep the journal as long as the children: it
//! is what tells an orphan from somebody else's child. It holds names and addresses, and never a token.
//!
//! # What happens when the answer to an allocation is lost
//!
//! An allocation is a total, so sending it twice changes nothing, unless somebody else wrote in between.
//! [`set_allocation`](crate::Client::set_allocation) reads the child back: the new total there is a success, the old one, read once
//! more after a wait, is a reason to send again, and a third value is another writer's, and ends it. Where somebody else wrote in
//! the 2 s between the look and the sending, the answer's difference shows it: [`SetAllocation::overwritten`](crate::SetAllocation::overwritten).
//!
//! ```
//! # use mms_client::{Client, Proof};
//! # use mms_client::types::OrganizationId;
//! # use mms_sandbox::{Sandbox, types::{FaultKind, FaultRule}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! let lost = FaultRule::from(FaultKind::CloseAfter).on("update_child_organization_allocation").times(1);
//! sandbox.control().add_fault(lost)?;
//!
//! let (distributor, child) = (OrganizationId::new(11), OrganizationId::new(101));
//! let set = client.set_allocation(distributor, child, "20000".parse()?, Some(10_000)).await?;
//! assert_eq!((set.before, set.proof), (10_000, Proof::ReadBack));
//!
//! // It no longer has what this caller expects, so nothing is sent.
//! let error = client.set_allocation(distributor, child, "30000".parse()?, Some(10_000)).await.unwrap_err();
//! assert!(error.is_unexpected() && error.found() == Some(20_000));
//! # Ok(())
//! # }
//! ```
//!
//! # Reading a large fleet
//!
//! [`child_organizations`](crate::Client::child_organizations) streams the children, holds two pages at most and asks for the
//! next one ahead. [`children_with_consumption`](crate::Client::children_with_consumption) reads both lists side by side and
//! joins them; a row that one of them lacks is kept and marked. Where the distributor is not known,
//! [`organizations`](crate::Client::organizations) streams those that the token may see.
//!
//! ```
//! # use mms_client::Client;
//! # use mms_client::types::OrganizationId;
//! # use mms_sandbox::Sandbox;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! use futures_util::TryStreamExt;
//!
//! let children = client.child_organizations(OrganizationId::new(11));
//! let allocated = children.try_fold(0, async |sum, child| Ok(sum + child.operations_allocated.unwrap_or_default())).await?;
//! assert_eq!(allocated, 160_000);
//!
//! let fleet = client.children_with_consumption(OrganizationId::new(11)).await?;
//! assert!(fleet.is_complete && fleet.rows.iter().all(|row| row.child.is_some()));
//! # Ok(())
//! # }
//! ```
//!
//! # What an error says
//!
//! [`Error`](crate::Error) has predicates for what its caller can do about it, and the server's own words:
//!
//! ```
//! # use mms_client::Client;
//! # use mms_client::types::{OrganizationId, UpdateAllocationRequest};
//! # use mms_sandbox::Sandbox;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! # let client = Client::builder(url, sandbox.token().parse()?).build()?;
//! let request = UpdateAllocationRequest { operations: "900000000".parse()? };
//! let update = client.update_child_organization_allocation().organization_id(11).child_organization_id(101);
//! let error = update.body(request).send().await.unwrap_err();
//! assert!(error.is_conflict() && !error.maybe_sent() && !error.is_retryable());
//! assert_eq!(error.operation_id(), "update_child_organization_allocation");
//! println!("{error}");
//! # Ok(())
//! # }
//! ```
//!
//! # Where the token is
//!
//! In memory, and in the `Authorization` header of requests to the one origin that the client was built for. The header is
//! marked sensitive; no redirect is followed, no proxy used, and no plain HTTP spoken but to this machine or where
//! [`BaseUrl::parse_allowing_http`](crate::BaseUrl::parse_allowing_http) allows it. No `Debug`, error, trace, journal or send log has it, and where
//! the server repeats it, it is cut out.
//!
//! ```
//! # use mms_client::Client;
//! # use mms_client::types::OrganizationId;
//! # use mms_sandbox::Sandbox;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::builder().start().await?;
//! # let url: mms_client::BaseUrl = sandbox.base_url().parse()?;
//! let client = Client::builder(url, "8c2b5c4e-very-secret".parse()?).build()?;
//! let error = client.get_organization().organization_id(11).send().await.unwrap_err();
//! assert!(error.is_unauthorized());
//! assert!(!format!("{client:?} {error:?} {error}").contains("secret"));
//! # Ok(())
//! # }
//! ```
//!
//! # Twelve ways it can still go wrong
//!
//! The promise of [`create_child_once`](crate::Client::create_child_once) is at most one child per intent, and every unknown
//! visible. It is not exactly one: that would need the server's help.
//!
//! 1. **A cut list looks like absence.** Only a list that the server proves to be complete counts: before a create, and for
//!    adopting. Where Make states no limit of a page, nothing is created. Neither is it beside a child without a name, which may be
//!    the one, unless a second of the name is allowed.
//! 2. **The list lags behind.** Five looks over 212 s; and a child that the journal knows exists whatever the list says.
//! 3. **The request arrives after the last look.** *Cannot be closed.* The intent stays open as unproven, and a later look finds
//!    the child, as long as nobody gave the intent up.
//! 4. **The server changes the name.** The child does not fit; the pool fell, so it is reported as a contradiction, with the
//!    stranger's id.
//! 5. **Two operators without a shared journal.** *Cannot be closed.* Both may look before either sends: 2 s are left open, or 60 s
//!    where a look takes more than ten requests.
//! 6. **The journal is lost, or elsewhere.** The name in the list still counts as existing; what no list shows yet is forgotten.
//! 7. **A torn record.** It was never acknowledged, so nothing was sent for it, unless the disk acknowledged what it had not written;
//!    it is kept beside the journal, and told ([`FileJournal::torn`](crate::FileJournal::torn)); whoever creates a name that it may
//!    mean looks in Make first ([`torn_intent_of`](crate::FileJournal::torn_intent_of)). Damage elsewhere is an error.
//! 8. **A 5xx after the work.** Treated as unknown, like any 5xx to a write.
//! 9. **Something on the way sends the request twice.** *Cannot be closed.* Two children fit: ambiguous, where the answer is lost;
//!    where it comes, the pool has lost twice the allocation, and the outcome is [`CreateOnce::Doubled`](crate::CreateOnce::Doubled).
//!    A 429 or a 404 after the work makes no second child, unless exactly as many operations are bought in the same minute.
//! 10. **Our own stack sends it twice.** Redirects and the retries of reqwest are off; tests count what arrives.
//! 11. **The child is unlinked before it was seen.** Unproven, or a contradiction where the pool shows it.
//! 12. **A person creates the same name at that moment.** *Cannot be closed.* With the same allocation and country it is
//!     ambiguous, or, if ours never came, adopted.

pub mod requests;
pub mod traces;
