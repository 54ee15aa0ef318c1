//! The order in which go-yaml v2 prints the keys of a map: natural, not alphabetical.
//!
//! Runs of digits count by value (`a2` before `a10`), characters that are no letters come before letters, letters by
//! code point (`A1 a a-1 a.1 a_1 a1 a2 a02 a10 ab`).
//!
//! go-yaml's comparison is not transitive: `1a < 2`, `2 < 19`, `19 < 1a`. Maps with such keys come out in random
//! order there, since Go's maps begin in random order. Here such keys start sorted by bytes, as they mostly do there
//! in maps of up to 12 keys (which JSON handed over sorted), or by tokens, as people would sort them, in larger ones;
//! then go-yaml's comparison of neighbours puts them in one of its orders, the same on every run.

use crate::value::Entry;
use std::cmp::Ordering;
use unicode_general_category::{GeneralCategory, get_general_category};

/// Positions of the entries in printing order, or the first key that occurs twice.
///
/// Appends to `order`, and appends nothing when the entries are in order as they stand. Costs one comparison per
/// key then, n log n otherwise.
pub(super) fn push_order<'a>(entries: &'a [Entry], order: &mut Vec<u32>) -> Result<(), &'a str> {
    if entries.len() < 2 {
        return Ok(());
    }
    let plain = entries.iter().all(|entry| entry.key.is_common() || is_plain(entry.key.as_str()));
    if plain && is_ascending(entries) {
        return Ok(());
    }
    let start = order.len();
    order.extend(0..entries.len() as u32);
    let order = &mut order[start..];
    let key = |at: u32| entries.get(at as usize).map_or("", |entry| entry.key.as_str());
    if plain {
        order.sort_by(|a, b| compare_plain(key(*a), key(*b)));
        return first_double(order, key);
    }
    if order.len() <= 12 {
        order.sort_by(|a, b| key(*a).cmp(key(*b)));
    } else {
        order.sort_by(|a, b| by_tokens(key(*a), key(*b)));
    }
    first_double(order, key)?;
    if !insertion_sort_within(16 * order.len(), order, |a, b| compare(key(a), key(b))) {
        merge_sort(order, |a, b| compare(key(a), key(b)));
    }
    Ok(())
}

fn first_double<'a>(order: &[u32], key: impl Fn(u32) -> &'a str) -> Result<(), &'a str> {
    match order.windows(2).find(|pair| key(pair[0]) == key(pair[1])) {
        Some(pair) => Err(key(pair[0])),
        None => Ok(()),
    }
}

fn is_ascending(entries: &[Entry]) -> bool {
    entries.windows(2).all(|pair| compare_plain(pair[0].key.as_str(), pair[1].key.as_str()) == Ordering::Less)
}

/// ASCII without two digits side by side: for such keys go-yaml's order is a plain one, by [`RANKS`].
pub(super) fn is_plain(key: &str) -> bool {
    let mut after_digit = false;
    key.bytes().all(|byte| {
        let is_digit = byte.is_ascii_digit();
        let allowed = byte.is_ascii() && !(is_digit && after_digit);
        after_digit = is_digit;
        allowed
    })
}

/// Other characters, then digits, then letters.
static RANKS: [u8; 128] = ranks();

const fn ranks() -> [u8; 128] {
    let mut ranks = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        ranks[byte] = match byte as u8 {
            b @ b'0'..=b'9' => 128 + (b - b'0'),
            b @ (b'A'..=b'Z' | b'a'..=b'z') => 138 + (b - b'A'),
            b => b,
        };
        byte += 1;
    }
    ranks
}

fn compare_plain(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| RANKS[(byte & 127) as usize];
    match a.bytes().zip(b.bytes()).find(|(a, b)| a != b) {
        Some((a, b)) => rank(a).cmp(&rank(b)),
        None => a.len().cmp(&b.len()),
    }
}

/// go-yaml's comparison. Not transitive, therefore never given to the standard library's sorts.
fn compare(a: &str, b: &str) -> Ordering {
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let mut start = common;
    while !a.is_char_boundary(start) {
        start -= 1;
    }
    let (Some(x), Some(y)) = (a[start..].chars().next(), b[start..].chars().next()) else {
        return a.len().cmp(&b.len());
    };
    match (is_letter(x), is_letter(y)) {
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (true, true) => return x.cmp(&y),
        (false, false) => {}
    }
    // A zero behind other digits belongs to their number; one in front of a number is a number of its own.
    let inside_number =
        (x == '0' || y == '0') && a[..start].chars().rev().take_while(|c| is_digit(*c)).any(|c| c != '0');
    let (a_value, a_digits) = number(&a[start..], inside_number);
    let (b_value, b_digits) = number(&b[start..], inside_number);
    a_value.cmp(&b_value).then(a_digits.cmp(&b_digits)).then(x.cmp(&y))
}

/// Value and length of the digits at the start; a value beyond 64 bits wraps, as it does in Go.
fn number(text: &str, inside_number: bool) -> (i64, usize) {
    text.chars().take_while(|c| is_digit(*c)).fold((i64::from(inside_number), 0), |(value, count), digit| {
        (value.wrapping_mul(10).wrapping_add(i64::from(digit as u32) - 48), count + 1)
    })
}

fn is_letter(c: char) -> bool {
    use GeneralCategory::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    match c {
        '\0'..='\x7f' => c.is_ascii_alphabetic(),
        _ => matches!(
            get_general_category(c),
            UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter
        ),
    }
}

fn is_digit(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_digit(),
        _ => get_general_category(c) == GeneralCategory::DecimalNumber,
    }
}

/// A total order close to go-yaml's: numbers, by value and then length, between other characters and letters.
fn by_tokens(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        let rank = |c: char| if is_letter(c) { 2 } else { u8::from(c.is_ascii_digit()) };
        let order = match (rank(x), rank(y)) {
            (1, 1) => {
                let ((number, rest), (other, other_rest)) = (split_number(a), split_number(b));
                (a, b) = (rest, other_rest);
                let (digits, other_digits) = (number.trim_start_matches('0'), other.trim_start_matches('0'));
                let by_value = digits.len().cmp(&other_digits.len()).then_with(|| digits.cmp(other_digits));
                by_value.then(number.len().cmp(&other.len()))
            }
            (of_x, of_y) => {
                (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]);
                of_x.cmp(&of_y).then(x.cmp(&y))
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn split_number(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Sorts with at most so many swaps; false where that was not enough.
fn insertion_sort_within(
    mut swaps: usize,
    order: &mut [u32],
    compare: impl Fn(u32, u32) -> Ordering,
) -> bool {
    for end in 1..order.len() {
        let mut at = end;
        while at > 0 && compare(order[at], order[at - 1]) == Ordering::Less {
            if swaps == 0 {
                return false;
            }
            swaps -= 1;
            order.swap(at, at - 1);
            at -= 1;
        }
    }
    true
}

/// Bottom-up and stable; unlike the standard library's it has no opinion on comparisons that contradict themselves.
fn merge_sort(order: &mut [u32], compare: impl Fn(u32, u32) -> Ordering) {
    let mut merged = Vec::with_capacity(order.len());
    let mut width = 1;
    while width < order.len() {
        merged.clear();
        for run in order.chunks(2 * width) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            while let (Some((&l, left_rest)), Some((&r, right_rest))) =
                (left.split_first(), right.split_first())
            {
                if compare(r, l) == Ordering::Less {
                    merged.push(r);
                    right = right_rest;
                } else {
                    merged.push(l);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        order.copy_from_slice(&merged);
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Key, Value};
    use proptest::prelude::*;

    fn sorted(keys: &[&str]) -> Result<Vec<String>, String> {
        let entries: Vec<_> =
            keys.iter().map(|key| Entry { key: Key::new(key), value: Value::null() }).collect();
        let mut order = Vec::new();
        push_order(&entries, &mut order).map_err(str::to_owned)?;
        if order.is_empty() {
            order.extend(0..keys.len() as u32);
        }
        Ok(order.into_iter().map(|at| keys[at as usize].to_owned()).collect())
    }

    #[test]
    fn natural_order() {
        for want in [
            &["A1", "a", "a-1", "a.1", "a_1", "a1", "a2", "a02", "a10", "ab"][..],
            &["apiVersion", "kind", "metadata", "spec"],
            &["_", "1", "2", "10", "A", "a", "ä", "日"],
            &["a0", "a00", "a1"],
            &["a9", "a09", "a10", "a100"],
            &["-", "0", "é"],
        ] {
            let mut reversed = want.to_vec();
            reversed.reverse();
            assert_eq!(sorted(&reversed).unwrap(), want);
            assert_eq!(sorted(want).unwrap(), want);
        }
    }

    #[test]
    fn contradictory_keys_come_as_go_yaml_prints_them_most_often() {
        assert_eq!(sorted(&["1a", "2", "19"]).unwrap(), ["19", "1a", "2"]);
        let many = ["A1", "a", "a-1", "a.1", "a_1", "a1", "a1b", "a2", "a02", "a10", "ab", "b", "c", "d"];
        assert_eq!(sorted(&many).unwrap(), many);
        assert_eq!(sorted(&["1a", "19"]).unwrap(), ["19", "1a"]);
    }

    #[test]
    fn many_contradictory_keys_are_sorted_in_time() {
        let keys: Vec<String> = (0..2000).flat_map(|n| [format!("{n}a"), format!("{n}9")]).collect();
        assert_eq!(
            sorted(&keys.iter().map(String::as_str).collect::<Vec<_>>()).map(|keys| keys.len()),
            Ok(4000)
        );
    }

    #[test]
    fn doubles_are_found() {
        assert_eq!(sorted(&["a", "b", "a"]), Err("a".to_owned()));
        assert_eq!(sorted(&["1a", "2", "19", "1a"]), Err("1a".to_owned()));
        let many: Vec<String> = (0..50).map(|n| format!("k{n}")).chain(["k7".to_owned()]).collect();
        assert_eq!(sorted(&many.iter().map(String::as_str).collect::<Vec<_>>()), Err("k7".to_owned()));
    }

    proptest! {
        #[test]
        fn plain_keys_have_go_yamls_order(a in "[a-zA-Z0-9._/-]{0,6}", b in "[a-zA-Z0-9._/-]{0,6}") {
            if is_plain(&a) && is_plain(&b) {
                prop_assert_eq!(compare_plain(&a, &b), compare(&a, &b));
            }
        }

        #[test]
        fn the_order_does_not_depend_on_the_source(keys in prop::collection::hash_set("[a0-3é]{1,4}", 0..30), seed: u64) {
            let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            keys.sort_unstable();
            let want = sorted(&keys).unwrap();
            keys.sort_by_key(|key| crc(key, seed));
            prop_assert_eq!(sorted(&keys).unwrap(), want);
        }
    }

    fn crc(key: &str, seed: u64) -> u64 {
        key.bytes().fold(seed, |hash, byte| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
    }
}
