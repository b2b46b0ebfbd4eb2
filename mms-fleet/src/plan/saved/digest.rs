//! Digests: SHA-256 over values in a form that does not depend on their order or on the version of this program.

use std::fmt::Write;

use hmac_sha256::Hash as Sha256;

use crate::fleet::child::{Child, CreateWhen, EnumRef, Owner, Until};
use crate::fleet::guards::{Guards, Limit};
use crate::fleet::{Fleet, Target};
use crate::observed::Observed;

/// Returns the digest of bytes in hexadecimal digits.
pub(super) fn bytes(bytes: &[u8]) -> String {
    let mut hasher = Fields(Sha256::new());
    hasher.0.update(bytes);
    hasher.finish()
}

/// Returns the digest of the children, by id, with their names and allocations, and of the pool.
pub(super) fn observation(observed: &Observed) -> String {
    let mut rows: Vec<_> =
        observed.children.iter().map(|child| (child.id.get(), child.name.as_deref(), child.credits)).collect();
    rows.sort_unstable();
    let mut fields = Fields(Sha256::new());
    fields.signed(observed.pool);
    fields.number(rows.len() as u64);
    for (id, name, credits) in rows {
        fields.number(id);
        fields.text(name);
        fields.signed(credits);
    }
    fields.finish()
}

/// Returns the digest of all that a fleet asks for. Where it stands in files, and in which order, is left out.
pub(super) fn fleet(fleet: &Fleet) -> String {
    let Fleet { target: Target { zone, organization }, guards, children } = fleet;
    let Guards { max_creates, max_change, pool_reserve } = guards;
    let mut fields = Fields(Sha256::new());
    fields.text(zone.as_deref());
    fields.number(organization.get());
    fields.limit(*max_creates);
    fields.limit(*max_change);
    fields.number(*pool_reserve);
    let mut children: Vec<_> = children.iter().collect();
    children.sort_unstable_by_key(|child| (child.name.as_str(), child.id));
    fields.number(children.len() as u64);
    for child in children {
        fields.child(child);
    }
    fields.finish()
}

/// A hasher of fields, each of which ends where its length says.
struct Fields(Sha256);

impl Fields {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn optional(&mut self, number: Option<u64>) {
        self.flag(number.is_some());
        self.number(number.unwrap_or(0));
    }

    fn signed(&mut self, number: Option<i64>) {
        self.flag(number.is_some());
        self.0.update(number.unwrap_or(0).to_le_bytes());
    }

    fn flag(&mut self, flag: bool) {
        self.0.update([u8::from(flag)]);
    }

    fn text(&mut self, text: Option<&str>) {
        self.optional(text.map(|text| text.len() as u64));
        self.0.update(text.unwrap_or_default().as_bytes());
    }

    fn limit(&mut self, limit: Option<Limit>) {
        match limit {
            None => self.number(0),
            Some(Limit::Count(count)) => {
                self.number(1);
                self.number(count);
            }
            Some(Limit::Percent(percent)) => {
                self.number(2);
                self.number(percent.into());
            }
        }
    }

    fn child(&mut self, child: &Child) {
        let Child {
            name,
            id,
            create,
            external_id,
            owner,
            region,
            country,
            credits,
            until,
            minimum,
            maximum,
            labels,
            hold,
            priority,
            allow_pause,
            retired,
            place: _,
        } = child;
        self.text(Some(name.as_str()));
        self.optional(id.map(mms_types::OrganizationId::get));
        self.flag(*create == CreateWhen::Always);
        self.text(external_id.as_deref());
        let owner = owner.as_ref().map(|Owner { email, name }| (email.as_str(), name.as_str()));
        self.text(owner.map(|(email, _)| email));
        self.text(owner.map(|(_, name)| name));
        for named in [region, country] {
            self.text(named.as_ref().map(|EnumRef { text, place: _ }| text.as_str()));
        }
        let until = until.map(|Until { day, then }| (day.to_string(), then));
        self.text(until.as_ref().map(|(day, _)| day.as_str()));
        for operations in [*credits, until.map(|(_, then)| then), *minimum, *maximum] {
            self.optional(operations.map(mms_types::Operations::get));
        }
        self.number(labels.len() as u64);
        for label in labels {
            self.text(Some(label));
        }
        self.signed(Some((*priority).into()));
        for flag in [hold, allow_pause, retired] {
            self.flag(*flag);
        }
    }

    fn finish(self) -> String {
        self.0.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a text does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
