//! The images of containers, wherever an object lists containers.

use super::node::{NodeKind, WrongKind, expect};
use super::route::{Guide, Route, Step};
use gitops_core::{Key, Map, Value};

/// Calls `set` for the `image` of every item of a list under a key `containers` or `initContainers`, at any depth,
/// where `wants` holds for it. Items without an image, and null ones, are passed by; others that are no maps are
/// refused. Answers how many nodes were visited.
pub(super) fn each_image(
    object: &mut Value,
    wants: impl Fn(&Value) -> bool,
    mut set: impl FnMut(&mut Value) -> Result<(), WrongKind>,
) -> Result<u64, WrongKind> {
    let route = Route::survey(&Search { wants }, object, Inside::Object);
    if route.is_live() {
        route.carry_out(object, |node, inside, ()| match inside {
            Inside::Item => expect(node, NodeKind::Map),
            _ => set(node),
        })?;
    }
    Ok(route.visited())
}

/// Whether some image as in [`each_image`] is wanted, or some item would be refused; and how many nodes were visited.
pub(super) fn any_image(object: &Value, wants: impl Fn(&Value) -> bool) -> (bool, u64) {
    let search = Search { wants };
    let mut stack = vec![(object, Inside::Object)];
    let mut visited = 0;
    while let Some((node, inside)) = stack.pop() {
        visited += 1;
        match search.step(node, inside) {
            Step::End(()) => return (true, visited),
            Step::Children => {
                for (key, child) in node.as_map().into_iter().flat_map(Map::iter) {
                    stack.extend(search.child(inside, Some(key), child).map(|inside| (child, inside)));
                }
                for child in node.as_seq().into_iter().flatten() {
                    stack.extend(search.child(inside, None, child).map(|inside| (child, inside)));
                }
            }
            _ => {}
        }
    }
    (false, visited)
}

#[derive(Clone, Copy)]
enum Inside {
    /// Anywhere.
    Object,
    /// The value of `containers`.
    Containers,
    /// An item of such a list.
    Item,
    /// The image of such an item.
    Image,
}

struct Search<W> {
    wants: W,
}

impl<W: Fn(&Value) -> bool> Guide for Search<W> {
    type State = Inside;
    type End = ();

    fn step(&self, node: &Value, inside: Inside) -> Step<Inside, ()> {
        match inside {
            Inside::Image if (self.wants)(node) => Step::End(()),
            Inside::Image => Step::Nothing,
            Inside::Item if !node.is_map() => Step::End(()),
            _ => Step::Children,
        }
    }

    fn child(&self, parent: Inside, key: Option<&Key>, child: &Value) -> Option<Inside> {
        let Some(key) = key else {
            return match parent {
                Inside::Containers if child.is_null() => None,
                Inside::Containers => Some(Inside::Item),
                _ => child.has_children().then_some(Inside::Object),
            };
        };
        match (parent, key.as_str()) {
            (Inside::Item, "image") => Some(Inside::Image),
            (_, "containers" | "initContainers") if child.is_seq() => Some(Inside::Containers),
            _ => child.has_children().then_some(Inside::Object),
        }
    }
}
