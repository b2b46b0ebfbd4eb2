//! How many requests calls and commands take.
//!
//! The limit per minute is what a distributor has least of. These are the requests of each call with so many children, where the
//! server honours `pg[limit]`; in brackets those of a client that knows how large a page the server gives
//! ([`ClientBuilder::page_size`](crate::ClientBuilder::page_size)).
//!
//! | call | 3 children | 412 | 5,000 |
//! | --- | --- | --- | --- |
//! | all children | 1 | 3 (2) | 4 (2) |
//! | [`organizations`](crate::Client::organizations), where the user is a member of fewer than 10,000 | 1 | 1 | 1 |
//! | [`create_child_once`](crate::Client::create_child_once): the list, its end once more, the pool, the create | 4 | 5 (4) | 6 (4) |
//! | [`set_allocation`](crate::Client::set_allocation): the list, the pool, the change | 3 | 5 (4) | 6 (4) |
//! | either of them on a [`look`](crate::Client::look) that was taken for a plan, or further ones of a [`batch`](crate::Client::batch) | 1 | 1 | 1 |
//!
//! And of the commands, the first time and again within a day, when regions, countries and the size of a page are known:
//!
//! | command | 3 children | 412 | 5,000 |
//! | --- | --- | --- | --- |
//! | `mms child list` | 1, 1 | 3, 2 | 4, 2 |
//! | `mms child show`, `mms consumption` | 2, 2 | 4, 3 | 5, 3 |
//! | `mms child create` | 6, 4 | 7, 4 | 8, 4 |
//! | `mms child allocate` | 4, 4 | 6, 5 | 7, 5 |
//! | `mms region list`, `mms country list` | 1, 1 | 1, 1 | 1, 1 |
//! | `mms status` | 2, 2 | 2, 2 | 2, 2 |
//! | `mms doctor` | 5, 5 | 7, 6 | 8, 6 |
//!
//! [`Client::requests_sent`](crate::Client::requests_sent) counts them, and `mms -v` prints the number at the end.
