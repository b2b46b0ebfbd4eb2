//! Creation of a child organization at most once.

mod aftermath;
mod creation;
mod error;
#[cfg(test)]
mod journalled;
mod key;
mod matching;
mod outcome;
mod policy;
mod refusal;
mod settle;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use mms_types::{CreateChildOrganizationRequest, OrganizationId};

use crate::http::generated::Client;
use crate::write::distributor::CarefulClient;
use crate::write::journal::{IntentId, Journal, JournalError};
pub(crate) use creation::Creation;
pub use error::CreateOnceError;
pub use outcome::{CreateOnce, SettledIntent};
pub use policy::CreateOncePolicy;

impl Client {
    /// Creates a child organization at most once, whatever becomes of the answer.
    ///
    /// A child can never be deleted, so this looks before it sends, writes its intent into the journal, sends one create, and
    /// writes the outcome. Where the answer is lost it reads the list - at once and then, with the default policy, over 212 s -
    /// and adopts the one new child that fits. It never sends a create again that may have been carried out. An intent of the
    /// same name that an earlier run left open is settled first, and is then the outcome of this call.
    ///
    /// The error says what is known: [`is_refused`](CreateOnceError::is_refused),
    /// [`is_ambiguous`](CreateOnceError::is_ambiguous), [`is_unproven`](CreateOnceError::is_unproven),
    /// [`is_contradiction`](CreateOnceError::is_contradiction). After the last three the name stays closed until a further call
    /// finds the child, or a person decides: [`Journal::resolve`]. Dropping the future leaves an open intent at worst.
    ///
    /// It costs two reads and the create; the list may be several pages. See the chapter
    /// [What happens when the answer to a create is lost](crate::guide#what-happens-when-the-answer-to-a-create-is-lost).
    ///
    /// ```no_run
    /// use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
    /// use mms_client::{CreateOnce, CreateOncePolicy, FileJournal};
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = FileJournal::open("/var/lib/provisioning/intents")?;
    /// let request = CreateChildOrganizationRequest {
    ///     organization_name: "Panadería Sol".parse()?,
    ///     user_name: "Ada Owner".parse()?,
    ///     user_email: "ada@sol.example".parse()?,
    ///     region_id: 1.try_into()?,
    ///     country_id: 7.try_into()?,
    ///     operations: "20000".parse()?,
    /// };
    /// let policy = CreateOncePolicy::default();
    /// match client.create_child_once(OrganizationId::new(11), &request, &journal, &policy).await {
    ///     Ok(CreateOnce::Created { answer, .. }) => println!("created {}", answer.child_organization_id),
    ///     Ok(other) => println!("it is {}", other.organization_id()),
    ///     Err(error) if error.maybe_created() => println!("look before anything else: {error}"),
    ///     Err(error) => println!("nothing was created: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_child_once(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<CreateOnce, CreateOnceError> {
        let distributor = &CarefulClient::new(self, parent);
        Creation { distributor, journal, policy }.create(parent, request).await
    }

    /// Settles every intent of this API that an earlier run left open, and says of each what became of it.
    ///
    /// It only reads, one list at a time for all intents of a distributor: no create is sent. An intent at which settling stopped
    /// before is looked at once; any other is looked for as after a lost answer. An error of the journal means that the open
    /// intents cannot be read.
    ///
    /// ```
    /// use mms_client::{Client, CreateOncePolicy, MemoryJournal};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = MemoryJournal::new();
    /// for settled in client.settle_open_intents(&journal, &CreateOncePolicy::default()).await? {
    ///     match settled.outcome {
    ///         Ok(child) => println!("{} is {}", settled.intent.organization_name, child.organization_id()),
    ///         Err(error) => println!("{error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle_open_intents(
        &self,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Vec<SettledIntent>, JournalError> {
        let distributor = &CarefulClient::for_reads(self);
        Creation { distributor, journal, policy }.settle_open(|_| true).await
    }

    /// Settles one intent that an earlier run left open, as [`settle_open_intents`](Self::settle_open_intents) does with all of
    /// them; nothing where no such intent of this API is open.
    ///
    /// ```
    /// use mms_client::{Client, CreateOncePolicy, Journal, MemoryJournal};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = MemoryJournal::new();
    /// if let Some(latest) = journal.open_intents()?.pop() {
    ///     let settled = client.settle_open_intent(&latest.intent.id, &journal, &CreateOncePolicy::default()).await?;
    ///     println!("{settled:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle_open_intent(
        &self,
        intent: &IntentId,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Option<SettledIntent>, JournalError> {
        let distributor = &CarefulClient::for_reads(self);
        let creation = Creation { distributor, journal, policy };
        // It is judged with the others in view, since one of those may be what the pool fell for.
        Ok(creation.settle_open(|open| open.id == *intent).await?.pop())
    }
}
