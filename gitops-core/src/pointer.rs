//! JSON pointers (RFC 6901) on [`Value`].
//!
//! ```
//! use gitops_core::pointer::Pointer;
//! use gitops_core::value::Value;
//! let mut object = Value::map();
//! let labels: Pointer = "/labels".parse().unwrap();
//! labels.set(&mut object, Value::map()).unwrap();
//! let name: Pointer = "/labels/app.kubernetes.io~1name".parse().unwrap();
//! name.set(&mut object, Value::from("web")).unwrap();
//! assert_eq!(name.get(&object).and_then(Value::as_str), Some("web"));
//! ```
//!
//! * `~1` is `/`, `~0` is `~`; any other `~` is refused. The empty text is the root.
//! * In a sequence a token is an index without leading zeros, or `-`, the place after the last element.
//! * Keys compare by text, whatever their type: `/1` finds both `1:` and `"1":`.
//! * Unlike a [`FieldPath`](crate::field_path::FieldPath), a pointer makes no parents.

use crate::value::{Seq, Value};
use smol_str::SmolStr;
use std::fmt;
use std::str::FromStr;

/// A JSON pointer, parsed once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Pointer {
    tokens: Vec<SmolStr>,
}

/// Why a text is not a pointer, or a pointer can't be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PointerError {
    /// A pointer is empty or begins with `/`.
    #[error("a JSON pointer begins with '/': {text:?}")]
    NoSlash {
        /// The text.
        text: String,
    },
    /// `~` is followed by neither `0` nor `1`.
    #[error("'~' must be followed by 0 or 1 in a JSON pointer: {text:?}")]
    BadEscape {
        /// The text.
        text: String,
    },
    /// There is nothing to put a value into.
    #[error("nothing stands at {pointer:?}")]
    NotFound {
        /// The pointer of the parent that is missing or holds no children.
        pointer: String,
    },
    /// The token is no index of the sequence.
    #[error("{token:?} is not an index of the list at {pointer:?}, which has {len} elements")]
    BadIndex {
        /// The token.
        token: String,
        /// The pointer of the sequence.
        pointer: String,
        /// The length of the sequence.
        len: usize,
    },
}

impl Pointer {
    /// A pointer of these tokens, without escapes.
    #[must_use]
    pub fn new(tokens: Vec<SmolStr>) -> Self {
        Self { tokens }
    }

    /// The tokens from the root, without escapes.
    #[must_use]
    pub fn tokens(&self) -> &[SmolStr] {
        &self.tokens
    }

    /// The pointer one level down.
    #[must_use]
    pub fn child(&self, token: impl Into<SmolStr>) -> Self {
        let mut tokens = self.tokens.clone();
        tokens.push(token.into());
        Self { tokens }
    }

    /// The pointer one level up; nothing for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, tokens) = self.tokens.split_last()?;
        Some(Self { tokens: tokens.to_vec() })
    }

    /// Whether this is `other` or stands above it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.tokens.starts_with(&self.tokens)
    }

    /// The node that the pointer leads to.
    #[must_use]
    pub fn get<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.tokens.iter().try_fold(root, |node, token| match node {
            Value::Map(map) => map.get(token),
            Value::Seq(seq) => seq.get(index(token)?),
            Value::Scalar(_) => None,
        })
    }

    /// The node that the pointer leads to, for change. Copies what is shared on the way, even where the pointer
    /// then leads nowhere.
    pub fn get_mut<'a>(&self, root: &'a mut Value) -> Option<&'a mut Value> {
        descend(&self.tokens, root)
    }

    /// Puts a value at the pointer and gives back what stood there. In a map a missing key is added; in a sequence
    /// an element is replaced, or added at the end by `-` or the index after the last one.
    pub fn set(&self, root: &mut Value, value: Value) -> Result<Option<Value>, PointerError> {
        let Some((last, parents)) = self.tokens.split_last() else {
            return Ok(Some(std::mem::replace(root, value)));
        };
        let pointer = || Self::new(parents.to_vec()).to_string();
        match descend(parents, root) {
            Some(Value::Map(map)) => Ok(map.insert(last.clone(), value)),
            Some(Value::Seq(seq)) => set_element(seq, last, value).map_err(|len| PointerError::BadIndex {
                token: last.to_string(),
                pointer: pointer(),
                len,
            }),
            _ => Err(PointerError::NotFound { pointer: pointer() }),
        }
    }

    /// Takes away what the pointer leads to; nothing where it leads nowhere, and then nothing is copied. The root
    /// can't be taken away.
    pub fn remove(&self, root: &mut Value) -> Option<Value> {
        self.get(root)?;
        let (last, parents) = self.tokens.split_last()?;
        match descend(parents, root)? {
            Value::Map(map) => map.remove(last),
            Value::Seq(seq) => {
                let index = index(last)?;
                Some(seq.edit(|items| items.remove(index)))
            }
            Value::Scalar(_) => None,
        }
    }
}

fn descend<'a>(tokens: &[SmolStr], root: &'a mut Value) -> Option<&'a mut Value> {
    tokens.iter().try_fold(root, |node, token| match node {
        Value::Map(map) => map.get_mut(token),
        Value::Seq(seq) => seq.get_mut(index(token)?),
        Value::Scalar(_) => None,
    })
}

/// What stood there, or the length of the sequence where the token is no index of it.
fn set_element(seq: &mut Seq, token: &str, value: Value) -> Result<Option<Value>, usize> {
    let len = seq.len();
    let index = if token == "-" { Some(len) } else { index(token) };
    if index == Some(len) {
        seq.push(value);
        return Ok(None);
    }
    match index.and_then(|index| seq.get_mut(index)) {
        Some(slot) => Ok(Some(std::mem::replace(slot, value))),
        None => Err(len),
    }
}

/// An index as RFC 6901 writes it: digits without leading zeros.
fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|b| b.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    token.parse().ok().filter(|_| plain)
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(PointerError::NoSlash { text: text.to_owned() });
        };
        let tokens = rest.split('/').map(unescape).collect::<Option<_>>();
        tokens.map(Self::new).ok_or_else(|| PointerError::BadEscape { text: text.to_owned() })
    }
}

fn unescape(token: &str) -> Option<SmolStr> {
    if !token.contains('~') {
        return Some(SmolStr::new(token));
    }
    let mut pieces = token.split('~');
    let mut plain = pieces.next()?.to_owned();
    for piece in pieces {
        let (c, rest) = match piece.as_bytes().first()? {
            b'0' => ('~', piece.get(1..)?),
            b'1' => ('/', piece.get(1..)?),
            _ => return None,
        };
        plain.push(c);
        plain.push_str(rest);
    }
    Some(plain.into())
}

/// The escaped form; parsing gives the same pointer again.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tokens.iter().try_for_each(|token| {
            f.write_str("/")?;
            if token.contains(['~', '/']) {
                f.write_str(&token.replace('~', "~0").replace('/', "~1"))
            } else {
                f.write_str(token)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;
    use proptest::prelude::*;

    /// The document of RFC 6901, section 5.
    fn document() -> Value {
        let mut map = Map::from_iter([("foo", Value::from(Seq::from_iter(["bar", "baz"].map(Value::from))))]);
        for (key, i) in ["", "a/b", "c%d", "e^f", "g|h", "i\\j", "k\"l", " ", "m~n"].into_iter().zip(0..) {
            map.insert(key, Value::from(i));
        }
        map.into()
    }

    fn pointer(text: &str) -> Pointer {
        text.parse().unwrap()
    }

    #[test]
    fn examples_of_the_rfc() {
        let document = document();
        for (text, found) in [
            ("/foo/0", "bar"),
            ("/", "0"),
            ("/a~1b", "1"),
            ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"),
            ("/i\\j", "5"),
            ("/k\"l", "6"),
            ("/ ", "7"),
            ("/m~0n", "8"),
        ] {
            assert_eq!(pointer(text).get(&document).and_then(Value::as_text), Some(found), "{text}");
            assert_eq!(pointer(text).to_string(), text);
        }
        assert_eq!(pointer("").get(&document), Some(&document));
        for text in ["/foo/2", "/foo/00", "/foo/-", "/foo/+1", "/foo/0/x", "/nothing", "/foo/"] {
            assert_eq!(pointer(text).get(&document), None, "{text}");
        }
    }

    #[test]
    fn refused_texts() {
        assert!(matches!("foo".parse::<Pointer>(), Err(PointerError::NoSlash { .. })));
        for text in ["/~", "/a~2b", "/~~", "/é~é"] {
            assert!(matches!(text.parse::<Pointer>(), Err(PointerError::BadEscape { .. })), "{text}");
        }
        assert_eq!(pointer("/~01").tokens(), ["~1"]);
    }

    #[test]
    fn setting_and_removing() {
        let mut root = document();
        let copy = root.clone();
        let old = |text: &str| Ok(Some(Value::from(text)));
        assert_eq!(pointer("/foo/0").set(&mut root, Value::from("x")), old("bar"));
        assert_eq!(pointer("/foo/2").set(&mut root, Value::from("y")), Ok(None));
        assert_eq!(pointer("/foo/-").set(&mut root, Value::from("z")), Ok(None));
        assert_eq!(pointer("/new").set(&mut root, Value::map()), Ok(None));
        assert!(matches!(
            pointer("/foo/9").set(&mut root, Value::null()),
            Err(PointerError::BadIndex { len: 4, .. })
        ));
        assert!(matches!(pointer("/no/x").set(&mut root, Value::null()), Err(PointerError::NotFound { .. })));
        assert_eq!(pointer("/foo/0").remove(&mut root), Some(Value::from("x")));
        assert_eq!(pointer("/foo/0").get(&root).and_then(Value::as_str), Some("baz"));
        assert_eq!(pointer("").remove(&mut root), None);
        assert_eq!(copy, document());
        assert_eq!(
            pointer("").set(&mut root, Value::null()),
            Ok(Some({
                let mut expected = document();
                pointer("/foo")
                    .set(&mut expected, Value::from(Seq::from_iter(["baz", "y", "z"].map(Value::from))))
                    .unwrap();
                pointer("/new").set(&mut expected, Value::map()).unwrap();
                expected
            }))
        );
    }

    #[test]
    fn above_and_below() {
        let (a, b) = (pointer("/spec"), pointer("/spec/replicas"));
        assert!(a.contains(&b) && a.contains(&a) && !b.contains(&a));
        assert_eq!((b.parent(), a.child("replicas")), (Some(a), b));
        assert_eq!(pointer("").parent(), None);
    }

    proptest! {
        #[test]
        fn text_form_reads_back(tokens in proptest::collection::vec("[a~/01]{0,4}", 0..5)) {
            let pointer = Pointer::new(tokens.into_iter().map(SmolStr::from).collect());
            prop_assert_eq!(pointer.to_string().parse(), Ok(pointer));
        }
    }
}
