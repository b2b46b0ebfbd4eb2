//! Counts of a simulation.

/// How the schedules of many worlds ended.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) schedules: u64,
    pub(super) duplicates: u64,
    pub(super) created: u64,
    pub(super) existed: u64,
    pub(super) adopted: u64,
    pub(super) ambiguous: u64,
    pub(super) unproven: u64,
    pub(super) contradictions: u64,
    pub(super) deaths: u64,
    pub(super) full_disks: u64,
    /// Creates with which a caller lost patience.
    pub(super) dropped: u64,
    /// Reports to callers that were held against the distributor.
    pub(super) reports: u64,
}

impl Report {
    pub(super) fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.duplicates += other.duplicates;
        self.created += other.created;
        self.existed += other.existed;
        self.adopted += other.adopted;
        self.ambiguous += other.ambiguous;
        self.unproven += other.unproven;
        self.contradictions += other.contradictions;
        self.deaths += other.deaths;
        self.full_disks += other.full_disks;
        self.dropped += other.dropped;
        self.reports += other.reports;
    }
}
