//! A map whose values are made once, by whichever thread comes first.
//!
//! A thread that asks for a value which another is making waits for it, unless that other waits (through any number
//! of threads) for something this one is making: then the value is made twice rather than never. That happens only
//! where kustomizations form a cycle, which the build reports.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

#[derive(Debug)]
enum Slot<V> {
    Making(ThreadId),
    Made(V),
}

#[derive(Debug)]
struct State<K, V> {
    slots: HashMap<K, Slot<V>>,
    waiting: HashMap<ThreadId, K>,
}

/// See the [module](self).
pub(crate) struct OnceMap<K, V> {
    state: Mutex<State<K, V>>,
    made: Condvar,
}

impl<K, V> Default for OnceMap<K, V> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State { slots: HashMap::new(), waiting: HashMap::new() }),
            made: Condvar::new(),
        }
    }
}

impl<K, V> fmt::Debug for OnceMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceMap").finish_non_exhaustive()
    }
}

impl<K: Clone + Eq + Hash, V: Clone> OnceMap<K, V> {
    /// The value for `key`, made by `make` if nobody has made it.
    pub(crate) fn get_or_make(&self, key: &K, make: impl FnOnce() -> V) -> V {
        let me = std::thread::current().id();
        let mut state = self.lock();
        loop {
            match state.slots.get(key) {
                Some(Slot::Made(value)) => return value.clone(),
                Some(Slot::Making(owner)) if !waits_for(&state, *owner, me) => {
                    state.waiting.insert(me, key.clone());
                    state = self.made.wait(state).unwrap_or_else(PoisonError::into_inner);
                    state.waiting.remove(&me);
                }
                Some(Slot::Making(_)) => {
                    drop(state);
                    return make();
                }
                None => break,
            }
        }
        state.slots.insert(key.clone(), Slot::Making(me));
        drop(state);
        let value = make();
        let mut state = self.lock();
        state.slots.insert(key.clone(), Slot::Made(value.clone()));
        // Waking costs a system call, whether anybody waits or not.
        let is_awaited = !state.waiting.is_empty();
        drop(state);
        if is_awaited {
            self.made.notify_all();
        }
        value
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `thread` is `me`, or waits for something that `me` is making.
fn waits_for<K: Eq + Hash, V>(state: &State<K, V>, thread: ThreadId, me: ThreadId) -> bool {
    let mut thread = thread;
    for _ in 0..=state.waiting.len() {
        if thread == me {
            return true;
        }
        let Some(key) = state.waiting.get(&thread) else { return false };
        match state.slots.get(key) {
            Some(Slot::Making(owner)) => thread = *owner,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_value_is_made_once_whoever_asks() {
        let map = OnceMap::default();
        let made = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| map.get_or_make(&"a", || made.fetch_add(1, Ordering::SeqCst)));
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_value_that_needs_itself_is_made_twice_rather_than_never() {
        let map = OnceMap::default();
        assert_eq!(map.get_or_make(&1, || 1 + map.get_or_make(&1, || 1)), 2);
    }
}
