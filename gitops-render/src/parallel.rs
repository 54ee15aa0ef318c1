//! Work on many objects, on several threads where that pays.
//!
//! * Results do not depend on the number of threads: they come in the order of the items, and of several failures the
//!   first item's counts.
//! * Few items never start a thread.
//! * Inside a thread pool, as when many roots are rendered at once, everything runs on the thread that asks: the others
//!   have roots of their own, and a thread that waits for the end of its work would take up another root meanwhile,
//!   which may need what the waiting one is making.

use std::ops::Range;

/// Items below which a start of threads costs more than it gains; an item takes some microseconds.
#[cfg(feature = "parallel")]
const FEW: usize = 256;

/// What acting on many items came to: what is to be told, and the sum of the answers or the first item's error.
/// After an error, what was told is what items up to that one tell.
pub(crate) type Outcome<N, E> = (Vec<N>, Result<u64, E>);

/// Calls `act` for every item and adds up what it answers.
#[cfg(feature = "parallel")]
pub(crate) fn each<T: Send, N: Send, E: Send>(
    items: &mut [T],
    act: impl Fn(&mut T, &mut Vec<N>) -> Result<u64, E> + Sync,
) -> Outcome<N, E> {
    use rayon::prelude::*;
    if is_alone(items.len()) {
        return each_here(items, act);
    }
    let parts: Vec<Outcome<N, E>> = items.par_chunks_mut(FEW / 2).map(|part| each_here(part, &act)).collect();
    let mut all = (Vec::new(), Ok(0));
    for (notes, sum) in parts {
        all.0.extend(notes);
        all.1 = match (all.1, sum) {
            (Ok(before), Ok(sum)) => Ok(before + sum),
            (_, error) => return (all.0, error),
        };
    }
    all
}

/// Makes something of every range of `size` numbers below `len`, in order.
#[cfg(feature = "parallel")]
pub(crate) fn ranges<R: Send>(
    len: usize,
    size: usize,
    make: impl Fn(Range<usize>) -> R + Sync + Send,
) -> Vec<R> {
    use rayon::prelude::*;
    let range = |start: usize| start..(start + size).min(len);
    if is_alone(len) {
        return (0..len).step_by(size).map(range).map(make).collect();
    }
    (0..len.div_ceil(size)).into_par_iter().map(|part| make(range(part * size))).collect()
}

/// Whether so many items are for the calling thread alone.
#[cfg(feature = "parallel")]
pub(crate) fn is_alone(items: usize) -> bool {
    items < FEW || rayon::current_thread_index().is_some() || rayon::current_num_threads() < 2
}

/// Calls `act` for every item and adds up what it answers.
#[cfg(not(feature = "parallel"))]
pub(crate) fn each<T, N, E>(
    items: &mut [T],
    act: impl Fn(&mut T, &mut Vec<N>) -> Result<u64, E>,
) -> Outcome<N, E> {
    each_here(items, act)
}

/// Makes something of every range of `size` numbers below `len`, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn ranges<R>(len: usize, size: usize, make: impl Fn(Range<usize>) -> R) -> Vec<R> {
    (0..len).step_by(size).map(|start| start..(start + size).min(len)).map(make).collect()
}

/// Whether so many items are for the calling thread alone.
#[cfg(not(feature = "parallel"))]
pub(crate) fn is_alone(_: usize) -> bool {
    true
}

fn each_here<T, N, E>(items: &mut [T], act: impl Fn(&mut T, &mut Vec<N>) -> Result<u64, E>) -> Outcome<N, E> {
    let mut notes = Vec::new();
    let sum = items.iter_mut().map(|item| act(item, &mut notes)).sum();
    (notes, sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_counts_whatever_the_threads_do() {
        for len in [3, 1_000, 10_000] {
            let mut items: Vec<u64> = (0..len).collect();
            let act = |item: &mut u64, notes: &mut Vec<u64>| {
                notes.push(*item);
                Ok::<u64, ()>(*item)
            };
            assert_eq!(each(&mut items, act), ((0..len).collect(), Ok(len * (len - 1) / 2)));
            let act = |item: &mut u64, notes: &mut Vec<u64>| {
                notes.push(*item);
                if *item % 700 == 2 { Err(*item) } else { Ok(0) }
            };
            assert_eq!(each(&mut items, act), (vec![0, 1, 2], Err(2)));
        }
    }

    #[test]
    fn ranges_come_in_order_and_leave_nothing_out() {
        for len in [0, 1, 7, 20, 1_000] {
            assert_eq!(
                ranges(len, 7, |range| range).into_iter().flatten().collect::<Vec<_>>(),
                (0..len).collect::<Vec<_>>()
            );
        }
    }
}
