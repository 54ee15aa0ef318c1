//! Rewriting image references: names, tags, digests.
//!
//! ```
//! use gitops_render::kustomize::images::{ImageRule, ImageSettings};
//! let rule = ImageRule::new(ImageSettings { name: "nginx".into(), new_tag: "2".into(), ..Default::default() }).unwrap();
//! assert_eq!(rule.rewrite("nginx:1@sha256:abc").as_deref(), Some("nginx:2"));
//! assert_eq!(rule.rewrite("docker.io/nginx:1"), None);
//! ```
//!
//! * The name of a rule is a regular expression that must match the whole reference but for tag and digest; dots are
//!   not escaped. `a|b` is anchored on one side each, as its text is put between anchors unbracketed.
//! * Every rule is applied twice: first to `image` of whatever is listed under `containers` or `initContainers`
//!   at any depth (not in CustomResourceDefinitions), then to the fields of the field specs. So `tagSuffix` is added
//!   twice to the images of most pods.
//! * A new tag drops the digest, a digest the tag; both together replace both. A suffix drops the digest, and counts
//!   only without new tag and digest.
//! * The result has no type of its own: an unquoted image renamed to `1` is a number.

use super::containers;
use super::field_spec::{FieldSpecError, FieldSpecs};
use super::go_regexp::{self, GoRegexpError};
use super::gvk::GvkRef;
use super::node::{self, WrongKind};
use gitops_core::{Place, Value};
use regex::Regex;
use smol_str::SmolStr;
use std::collections::HashSet;

/// One entry of `images`. Empty texts are not given.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImageSettings {
    /// Regular expression of the names to change, without tag.
    pub name: SmolStr,
    /// Name to put in its place.
    pub new_name: SmolStr,
    /// Text to add to the tag.
    pub tag_suffix: SmolStr,
    /// Tag to put in place of tag and digest.
    pub new_tag: SmolStr,
    /// Digest to put in place of tag and digest.
    pub digest: SmolStr,
}

/// A name that is no regular expression. The original crashes on it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("image name `{name}` is not a regular expression")]
pub struct BadImageName {
    /// The name.
    pub name: SmolStr,
    /// What is wrong with it.
    pub source: GoRegexpError,
}

/// Why images of an object can't be rewritten.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImageError {
    /// An item of a list of containers is no map, or its image no scalar.
    #[error(transparent)]
    Container(#[from] WrongKind),
    /// A field of the field specs can't be set.
    #[error(transparent)]
    Field(#[from] FieldSpecError<WrongKind>),
}

/// What a rule did to one image, for warnings: a rule without any note changed nothing at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImageNote {
    /// The rule rewrote the image read at this place.
    Rewritten(Place),
    /// The rule rewrote the image read at this place for the second time and so doubled its suffix.
    SuffixTwice(Place),
    /// The new tag or suffix drops the digest of the image read at this place.
    DigestDropped(Place),
    /// The rule is for the image of the ephemeral container read at this place, but images there are never rewritten.
    NotCovered(Place),
}

/// A compiled entry of `images`.
#[derive(Clone, Debug)]
pub struct ImageRule {
    settings: ImageSettings,
    name: NamePattern,
}

/// Most names are plain; those need no engine.
#[derive(Clone, Debug)]
enum NamePattern {
    /// Every byte stands for itself but dots, which stand for any character.
    Plain,
    Regex(Regex),
}

impl ImageRule {
    /// Compiles an entry.
    pub fn new(settings: ImageSettings) -> Result<Self, BadImageName> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b':' | b'-' | b'_' | b'@');
        let name = if settings.name.bytes().all(plain) {
            NamePattern::Plain
        } else {
            let pattern = format!("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", settings.name);
            let compiled = go_regexp::compile(&pattern)
                .map_err(|source| BadImageName { name: settings.name.clone(), source })?;
            NamePattern::Regex(compiled)
        };
        Ok(Self { settings, name })
    }

    /// The entry.
    #[must_use]
    pub fn settings(&self) -> &ImageSettings {
        &self.settings
    }

    /// Whether the entry has a suffix that a new tag or digest makes pointless.
    #[must_use]
    pub fn suffix_is_ignored(&self) -> bool {
        let settings = &self.settings;
        let replaced = !settings.new_tag.is_empty() || !settings.digest.is_empty();
        replaced && !settings.tag_suffix.is_empty()
    }

    /// Whether the entry asks for nothing.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let settings = &self.settings;
        [&settings.new_name, &settings.new_tag, &settings.digest, &settings.tag_suffix]
            .iter()
            .all(|s| s.is_empty())
    }

    /// Whether the rule is for this reference.
    #[must_use]
    pub fn matches(&self, image: &str) -> bool {
        match &self.name {
            NamePattern::Plain => strip_name(image, &self.settings.name).is_some_and(is_tag_and_digest),
            NamePattern::Regex(regex) => regex.is_match(image),
        }
    }

    /// The reference as the rule writes it; nothing if the rule is not for it.
    #[must_use]
    pub fn rewrite(&self, image: &str) -> Option<String> {
        if !self.matches(image) {
            return None;
        }
        let settings = &self.settings;
        let Reference { name, tag, digest } = Reference::split(image);
        let name = if settings.new_name.is_empty() { name } else { &settings.new_name };
        let suffixed;
        let (tag, digest) = match (settings.new_tag.is_empty(), settings.digest.is_empty()) {
            (false, _) | (_, false) => (settings.new_tag.as_str(), settings.digest.as_str()),
            _ if settings.tag_suffix.is_empty() => (tag, digest),
            _ => {
                suffixed = format!("{tag}{}", settings.tag_suffix);
                (suffixed.as_str(), "")
            }
        };
        let mut out = String::with_capacity(name.len() + tag.len() + digest.len() + 2);
        out.push_str(name);
        for (mark, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                out.push(mark);
                out.push_str(part);
            }
        }
        Some(out)
    }

    /// Whether the rule leaves a pinned image without a digest.
    fn drops_digest(&self, image: &Value) -> bool {
        let settings = &self.settings;
        let retagged = !settings.new_tag.is_empty() || !settings.tag_suffix.is_empty();
        retagged
            && settings.digest.is_empty()
            && image.as_text().is_some_and(|image| image.contains("@sha256:"))
    }

    fn rewrite_node(&self, node: &mut Value) -> Result<(), WrongKind> {
        node::expect(node, node::NodeKind::Scalar)?;
        match node.as_text().and_then(|image| self.rewrite(image)) {
            Some(image) => node::set_scalar(node, image, None),
            None => Ok(()),
        }
    }
}

/// The rest of `image` after `name`, in which dots stand for any character but a newline.
fn strip_name<'i>(image: &'i str, name: &str) -> Option<&'i str> {
    if !name.contains('.') {
        return image.strip_prefix(name);
    }
    let mut rest = image.chars();
    for wanted in name.chars() {
        let actual = rest.next()?;
        if actual != wanted && (wanted != '.' || actual == '\n') {
            return None;
        }
    }
    Some(rest.as_str())
}

/// `(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?`
fn is_tag_and_digest(rest: &str) -> bool {
    let tag_chars = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '{' | '}' | '-'));
    let rest = rest.strip_prefix(':').map_or(rest, |tag| tag.trim_start_matches(|c| !tag_chars(c)));
    match rest.strip_prefix("@sha256:") {
        Some(digest) => !digest.contains(tag_chars),
        None => rest.is_empty(),
    }
}

/// An image reference taken apart: `[host[:port]/]name[:tag][@digest]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reference<'i> {
    /// All before tag and digest.
    pub name: &'i str,
    /// The tag without its colon, or empty.
    pub tag: &'i str,
    /// The digest without its `@`, or empty.
    pub digest: &'i str,
}

impl<'i> Reference<'i> {
    /// Splits at the first colon and the first `@` after the first slash.
    #[must_use]
    pub fn split(image: &'i str) -> Self {
        let from = image.find('/').unwrap_or(0);
        let find = |mark| image[from..].find(mark).map(|at| from + at);
        let (name, tag, digest) = match (find(':'), find('@')) {
            (None, None) => (image, "", ""),
            (Some(colon), None) => (&image[..colon], &image[colon + 1..], ""),
            (Some(colon), Some(at)) if colon < at => {
                (&image[..colon], &image[colon + 1..at], &image[at + 1..])
            }
            (_, Some(at)) => (&image[..at], "", &image[at + 1..]),
        };
        Self { name, tag, digest }
    }
}

/// Applies rules in order to one object: each to its containers, then to the fields of `specs`.
///
/// An object in which no rule matches anything is read once, whatever the number of rules, and stays shared, but for
/// nulls that the field specs turn into empty lists. Notes carry the number of the rule. Answers how many nodes were
/// visited.
pub fn apply(
    rules: &[ImageRule],
    object: &mut Value,
    specs: &FieldSpecs,
    note: &mut dyn FnMut(usize, ImageNote),
) -> Result<u64, ImageError> {
    let owned = owned_gvk(object);
    let gvk = GvkRef::parse(&owned.0, &owned.1);
    for (number, place) in ephemeral(object, gvk.kind, rules) {
        note(number, ImageNote::NotCovered(place));
    }
    let wanted = |image: &Value| rules.iter().any(|rule| wants(rule, image));
    let (containers, mut visited) = match gvk.kind {
        "CustomResourceDefinition" => (false, 0),
        _ => containers::any_image(object, wanted),
    };
    if !containers {
        let mut found = false;
        for spec in specs.matching(gvk) {
            let see = |_: &mut Value| -> Result<(), WrongKind> {
                found = true;
                Ok(())
            };
            match spec.apply_where(object, None, wanted, see) {
                Ok(nodes) => visited += nodes,
                // The rules come upon it again, in their order.
                Err(_) => found = true,
            }
        }
        if !found {
            return Ok(visited);
        }
    }
    for (number, rule) in rules.iter().enumerate() {
        let doubled = !rule.settings.tag_suffix.is_empty() && !rule.suffix_is_ignored();
        let mut suffixed = HashSet::new();
        if containers {
            let set = |image: &mut Value| {
                let place = image.place();
                note(number, ImageNote::Rewritten(place));
                if rule.drops_digest(image) {
                    note(number, ImageNote::DigestDropped(place));
                }
                if doubled && !place.is_none() {
                    suffixed.insert(place);
                }
                rule.rewrite_node(image)
            };
            visited += containers::each_image(object, |image| wants(rule, image), set)?;
        }
        for spec in specs.matching(gvk) {
            let set = |image: &mut Value| {
                let place = image.place();
                let known =
                    if suffixed.contains(&place) { ImageNote::SuffixTwice } else { ImageNote::Rewritten };
                note(number, known(place));
                if rule.drops_digest(image) {
                    note(number, ImageNote::DigestDropped(place));
                }
                rule.rewrite_node(image)
            };
            visited += spec.apply_where(object, None, |image| wants(rule, image), set)?;
        }
    }
    Ok(visited)
}

/// Images of a Pod's ephemeral containers that rules are for; nothing else can have any.
fn ephemeral(object: &Value, kind: &str, rules: &[ImageRule]) -> Vec<(usize, Place)> {
    let spec = object.get("spec").filter(|_| kind == "Pod");
    let list = spec.and_then(|spec| spec.get("ephemeralContainers")).and_then(Value::as_seq);
    let images = list.into_iter().flatten().filter_map(|container| container.get("image"));
    images
        .flat_map(|image| {
            let rules = rules.iter().enumerate();
            rules
                .filter(|(_, rule)| image.as_text().is_some_and(|text| rule.matches(text)))
                .map(|(n, _)| (n, image.place()))
        })
        .collect()
}

/// Whether a rule has something to do with a node: to rewrite it, or to refuse it.
fn wants(rule: &ImageRule, image: &Value) -> bool {
    image.as_text().is_none_or(|text| rule.matches(text))
}

fn owned_gvk(object: &Value) -> (SmolStr, SmolStr) {
    let text = |field| {
        let scalar = object.get(field).and_then(Value::as_scalar);
        scalar.map(|scalar| scalar.shared_text().clone()).unwrap_or_default()
    };
    (text("apiVersion"), text("kind"))
}

#[cfg(test)]
mod tests {
    use super::super::default_field_specs;
    use super::super::testing::{json, show};
    use super::*;

    fn rule(name: &str, changes: &[(&str, &str)]) -> ImageRule {
        let get =
            |key| changes.iter().find(|(k, _)| *k == key).map(|(_, v)| SmolStr::new(v)).unwrap_or_default();
        ImageRule::new(ImageSettings {
            name: name.into(),
            new_name: get("name"),
            tag_suffix: get("suffix"),
            new_tag: get("tag"),
            digest: get("digest"),
        })
        .unwrap()
    }

    #[test]
    fn references_are_rewritten() {
        for (name, changes, image, expected) in [
            ("nginx", &[("tag", "2")][..], "nginx", Some("nginx:2")),
            ("nginx", &[("tag", "2")], "nginx:1@sha256:a", Some("nginx:2")),
            ("nginx", &[("tag", "2")], "nginx:{TAG}", Some("nginx:2")),
            ("nginx", &[("tag", "2")], "nginx:", Some("nginx:2")),
            ("nginx", &[("tag", "2")], "nginx2", None),
            ("nginx", &[("tag", "2")], "docker.io/nginx", None),
            ("nginx", &[("tag", "2")], "nginx@sha512:a", None),
            ("nginx", &[("tag", "2")], "nginx:1:2", None),
            ("ng.nx", &[("tag", "2")], "ngénx:1", Some("ngénx:2")),
            ("ng.nx", &[("tag", "2")], "ng\nnx", None),
            ("host:80/a", &[("tag", "2"), ("name", "b:81/c")], "host:80/a:1", Some("b:81/c:2")),
            ("a", &[("digest", "sha256:z")], "a:1", Some("a@sha256:z")),
            ("a", &[("digest", "sha256:z"), ("tag", "2")], "a", Some("a:2@sha256:z")),
            ("a", &[("name", "b")], "a:1@sha256:x", Some("b:1@sha256:x")),
            ("a", &[("suffix", "-x")], "a:1@sha256:x", Some("a:1-x")),
            ("a", &[("suffix", "-x")], "a", Some("a:-x")),
            ("a", &[("suffix", "-x"), ("tag", "9")], "a", Some("a:9")),
            ("a", &[], "a:1", Some("a:1")),
            (".*", &[("tag", "2")], "c/d@sha256:x", Some("c/d:2")),
            ("my.*/ng.nx", &[("tag", "2")], "my/nginx", Some("my/nginx:2")),
            ("a|b", &[("tag", "2")], "a-and-more", Some("a-and-more:2")),
        ] {
            assert_eq!(rule(name, changes).rewrite(image).as_deref(), expected, "{name} on {image}");
        }
    }

    #[test]
    fn plain_names_match_as_the_engine_does() {
        for name in ["a", "a.b", "h:1/a.b", "", "."] {
            let plain = rule(name, &[("tag", "2")]);
            assert!(matches!(plain.name, NamePattern::Plain));
            let engine = rule(&format!("(?:{name})"), &[("tag", "2")]);
            for image in
                ["a", "a:1", "a.b", "axb:1@sha256:1", "h:1/a.b:2", "", ":1", "a@sha256:", "a@", "\n", "a:1\n"]
            {
                assert_eq!(plain.matches(image), engine.matches(image), "{name:?} on {image:?}");
            }
        }
    }

    fn applied(rules: &[ImageRule], object: &str) -> (String, usize) {
        let mut object = json(object);
        let mut doubled = 0;
        let count = &mut |_: usize, note| doubled += usize::from(matches!(note, ImageNote::SuffixTwice(_)));
        match apply(rules, &mut object, default_field_specs::images(), count) {
            Ok(_) => (show(&object), doubled),
            Err(error) => (error.to_string(), doubled),
        }
    }

    #[test]
    fn images_are_found_in_containers_and_by_field_specs() {
        let two = [rule("nginx", &[("tag", "2")])];
        for (object, expected) in [
            (
                r#"{"spec":{"containers":[{"image":"nginx:1"},{"image":"x"}]}}"#,
                r#"{"spec":{"containers":[{"image":"nginx:2"},{"image":"x"}]}}"#,
            ),
            (
                r#"{"a":[{"initContainers":[{"image":"nginx"}]}]}"#,
                r#"{"a":[{"initContainers":[{"image":"nginx:2"}]}]}"#,
            ),
            (
                r#"{"a":{"containers":[{"b":{"containers":[{"image":"nginx"}]}}]}}"#,
                r#"{"a":{"containers":[{"b":{"containers":[{"image":"nginx:2"}]}}]}}"#,
            ),
            (
                r#"{"kind":"CustomResourceDefinition","a":{"containers":[{"image":"nginx"}]}}"#,
                r#"{"a":{"containers":[{"image":"nginx"}]},"kind":"CustomResourceDefinition"}"#,
            ),
            (
                r#"{"a":{"ephemeralContainers":[{"image":"nginx"}]}}"#,
                r#"{"a":{"ephemeralContainers":[{"image":"nginx"}]}}"#,
            ),
            (
                r#"{"spec":{"volumes":[{"image":{"reference":"nginx"}}]}}"#,
                r#"{"spec":{"volumes":[{"image":{"reference":"nginx:2"}}]}}"#,
            ),
            (
                r#"{"spec":{"containers":null,"initContainers":[]}}"#,
                r#"{"spec":{"containers":[],"initContainers":[]}}"#,
            ),
            (
                r#"{"spec":{"containers":[null,{"image":null},{"image":5},{}]}}"#,
                r#"{"spec":{"containers":[null,{"image":null},{"image":5},{}]}}"#,
            ),
            (r#"{"x":{"containers":["a"]}}"#, "wrong node kind: expected MappingNode but got ScalarNode"),
            (
                r#"{"x":{"containers":[{"image":{"x":"nginx"}}]}}"#,
                "wrong node kind: expected ScalarNode but got MappingNode",
            ),
        ] {
            assert_eq!(applied(&two, object).0, expected, "{object}");
        }
    }

    #[test]
    fn rules_follow_each_other_and_suffixes_come_twice() {
        let chain = [rule("a", &[("name", "b")]), rule("b", &[("name", "c")]), rule("c", &[("tag", "1")])];
        let object = r#"{"spec":{"containers":[{"image":"a"},{"image":"b"}]}}"#;
        assert_eq!(applied(&chain, object).0, r#"{"spec":{"containers":[{"image":"c:1"},{"image":"c:1"}]}}"#);
        let suffix = [rule("a", &[("suffix", "-x")])];
        assert_eq!(
            applied(&suffix, object).0,
            r#"{"spec":{"containers":[{"image":"a:-x-x"},{"image":"b"}]}}"#
        );
    }

    #[test]
    fn a_renamed_image_that_looks_like_a_number_is_one() {
        let number = [rule("a", &[("name", "1")])];
        assert_eq!(
            applied(&number, r#"{"x":{"containers":[{"image":"a"}]}}"#).0,
            r#"{"x":{"containers":[{"image":1}]}}"#
        );
    }
}
