//! Panics of the generators, caught as messages.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread is in a task whose panic is a message.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Sets, once, a panic hook that is silent about the threads that catch and leaves all others to the hook before it.
static HOOK: Once = Once::new();

/// Runs a task of a crate that answers a document it does not know with a panic, and returns the panic's message.
///
/// Nothing is printed. The task leaves nothing behind that a later one could find half done: it works on its own values.
pub fn catch_panic<T>(task: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                before(info);
            }
        }));
    });
    let outer = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(task));
    CATCHING.set(outer);
    result.map_err(|payload| message(payload.as_ref()))
}

/// Returns the first line of what a panic says: what follows is a dump of the document.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("no reason given").to_owned()
}

#[cfg(test)]
mod tests {
    use super::catch_panic;

    #[test]
    fn a_panic_is_its_first_line() {
        assert_eq!(catch_panic(|| 7), Ok(7));
        assert_eq!(catch_panic(|| -> u8 { panic!("plain") }), Err("plain".to_owned()));
        assert_eq!(catch_panic(|| -> u8 { panic!("line {}\nand a dump", 1) }), Err("line 1".to_owned()));
    }
}
