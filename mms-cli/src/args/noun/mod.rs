//! Arguments of each noun.

mod account;
mod api;
mod child;
mod country;
mod credits;
mod doctor;
mod fleet;
mod open;
mod pool;
mod region;
mod sandbox;
mod shell;

pub(crate) use account::{AuthCommand, ConfigCommand, LoginArgs};
pub(crate) use api::ApiArgs;
pub(crate) use child::{AllocateArgs, ChildCommand, CreateArgs, CreateChildArgs, RetireArgs, SettleArgs};
pub(crate) use country::CountryCommand;
pub(crate) use credits::{CreditsCommand, MoveArgs};
pub(crate) use doctor::DoctorArgs;
pub(crate) use fleet::{
    ApplyArgs, DEFAULT_FLEET, HoldArgs, ImportArgs, LockCommand, LogArgs, PlanArgs, PlanCommand, PlanShowArgs, UndoArgs,
};
pub(crate) use open::OpenArgs;
pub(crate) use pool::PoolArgs;
pub(crate) use region::RegionCommand;
pub(crate) use sandbox::{SandboxCommand, ServeArgs};
pub(crate) use shell::{CompletionArgs, HelpArgs, ManArgs};
