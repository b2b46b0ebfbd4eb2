//! Whom to tell of something that a call would keep to itself.

use std::fmt;
use std::sync::Arc;

/// Somebody who wants to know, or nobody.
pub(crate) struct Listener<T>(Option<Arc<Told<T>>>);

type Told<T> = dyn Fn(&T) + Send + Sync;

impl<T> Listener<T> {
    pub(crate) fn telling(listener: impl Fn(&T) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(crate) fn tell(&self, what: &T) {
        if let Some(listener) = &self.0 {
            listener(what);
        }
    }
}

impl<T> Default for Listener<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Listener<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Listener<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Listener").field(&self.0.is_some()).finish()
    }
}
