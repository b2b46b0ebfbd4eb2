//! Join of all child organizations with their consumption.

use std::collections::HashMap;

use futures_util::{TryStreamExt, future};
use mms_types::{ChildOrganization, ChildOrganizationConsumption, OrganizationId};

use crate::error::Error;
use crate::http::generated::Client;

impl Client {
    /// Reads the children of a distributor and what they have consumed, side by side, and joins both by their id.
    ///
    /// The two lists are of two moments, and neither says what the other leaves out: a child that is new or idle may have no
    /// consumption, and one that was unlinked may still have some. So a row that stands on one side alone is kept, and marked by
    /// what it lacks. The children come in the server's order, and after them the consumption that belongs to none.
    ///
    /// It costs a request for each page of children and one for the consumption; the first error ends both. Everything is held
    /// in memory, some 600 bytes for each child: to read the children alone one by one there is
    /// [`child_organizations`](Self::child_organizations).
    ///
    /// ```no_run
    /// # async fn example(client: mms_client::Client) -> Result<(), mms_client::Error> {
    /// let fleet = client.children_with_consumption(mms_client::types::OrganizationId::new(11)).await?;
    /// for row in &fleet.rows {
    ///     let name = row.child.as_ref().and_then(|child| child.organization_name.as_deref()).unwrap_or("not in the list");
    ///     match row.consumption.as_ref().and_then(|consumption| consumption.centicredits_consumed) {
    ///         Some(consumed) => println!("{name}: {consumed} credits"),
    ///         None => println!("{name}: nothing is said of its consumption"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn children_with_consumption(
        &self,
        organization_id: OrganizationId,
    ) -> Result<ChildrenWithConsumption, Error> {
        let children = async {
            let mut stream = self.child_organizations(organization_id);
            let mut rows = Vec::new();
            while let Some(child) = stream.try_next().await? {
                rows.push(child);
            }
            Ok((rows, stream.is_complete()))
        };
        let consumption = self.list_child_organization_consumption().organization_id(organization_id).send();
        let ((children, is_complete), consumption) = future::try_join(children, consumption).await?;
        let consumption = consumption.into_inner().managed_organizations_consumption;
        let rows = ChildWithConsumption::join(children, consumption);
        Ok(ChildrenWithConsumption { rows, is_complete })
    }
}

/// The children of a distributor beside what they have consumed; read by [`Client::children_with_consumption`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildrenWithConsumption {
    /// A row for each id of either list.
    pub rows: Vec<ChildWithConsumption>,
    /// Whether the server proved that the list of children is complete:
    /// [`ChildOrganizations::is_complete`](crate::ChildOrganizations::is_complete).
    pub is_complete: bool,
}

/// A child beside what it has consumed: at least one of the two is there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildWithConsumption {
    /// The child's id.
    pub organization_id: OrganizationId,
    /// The child; nothing where the list does not show it.
    pub child: Option<ChildOrganization>,
    /// What it has consumed since its last reset; nothing where the other list does not say, which is not the same as 0.
    pub consumption: Option<ChildOrganizationConsumption>,
}

impl ChildWithConsumption {
    /// Joins two lists that were read, as [`Client::children_with_consumption`] does. Of several rows of consumption with one id
    /// the largest belongs to the child, since a child is paused by what it has consumed, and the others stand alone: none is
    /// dropped, and none is added up.
    #[must_use]
    pub fn join(children: Vec<ChildOrganization>, consumption: Vec<ChildOrganizationConsumption>) -> Vec<Self> {
        let mut largest: HashMap<_, usize> = HashMap::with_capacity(consumption.len());
        for (index, row) in consumption.iter().enumerate() {
            let known = largest.entry(row.organization_id).or_insert(index);
            if row.compare_consumed(&consumption[*known]).is_gt() {
                *known = index;
            }
        }
        let mut consumption: Vec<_> = consumption.into_iter().map(Some).collect();
        let beside = |child: ChildOrganization| {
            let index = largest.get(&child.organization_id).copied();
            let consumption = index.and_then(|index| consumption.get_mut(index)?.take());
            Self { organization_id: child.organization_id, consumption, child: Some(child) }
        };
        let mut rows: Vec<_> = children.into_iter().map(beside).collect();
        let alone = |row: ChildOrganizationConsumption| Self {
            organization_id: row.organization_id,
            child: None,
            consumption: Some(row),
        };
        rows.extend(consumption.into_iter().flatten().map(alone));
        rows
    }
}

#[cfg(test)]
mod tests {
    use mms_types::Centicredits;
    use mms_types::samples::{self, consumption};

    use super::*;

    /// Joins, and shows each row as its id, whether it has a child, and its centicredits.
    fn rows(children: &[u64], spent: &[(u64, u64)]) -> Vec<(u64, bool, Option<u64>)> {
        let children = children.iter().map(|id| samples::child(*id, &format!("Child {id}"), 10_000)).collect();
        let consumption = spent.iter().map(|(id, centicredits)| consumption(*id, *centicredits)).collect();
        let rows = ChildWithConsumption::join(children, consumption).into_iter();
        rows.map(|row| {
            let spent = row.consumption.and_then(|row| row.centicredits_consumed).map(Centicredits::get);
            (row.organization_id.get(), row.child.is_some(), spent)
        })
        .collect()
    }

    #[test]
    fn rows_meet_by_their_id_whatever_their_order() {
        let expected = [(3, true, Some(30)), (1, true, Some(10)), (2, true, Some(20))];
        assert_eq!(rows(&[3, 1, 2], &[(1, 10), (2, 20), (3, 30)]), expected);
    }

    #[test]
    fn what_one_list_lacks_is_kept_and_marked() {
        let expected = [(1, true, None), (2, true, Some(20)), (4, false, Some(40)), (3, false, Some(30))];
        assert_eq!(rows(&[1, 2], &[(4, 40), (2, 20), (3, 30)]), expected);
    }

    #[test]
    fn of_two_rows_of_consumption_the_larger_counts_and_the_other_is_neither_dropped_nor_added_up() {
        assert_eq!(rows(&[1], &[(1, 10), (1, 5)]), [(1, true, Some(10)), (1, false, Some(5))]);
        assert_eq!(rows(&[1], &[(1, 5), (1, 10)]), [(1, true, Some(10)), (1, false, Some(5))]);
    }
}
