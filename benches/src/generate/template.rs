//! Text with holes: `${name}`.

/// `template` with every `${key}` replaced; a hole that no key fills stays as it is, which no generated input has.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        let filled = after.split_once('}').and_then(|(key, tail)| {
            let value = values.iter().find(|(name, _)| *name == key)?.1;
            Some((value, tail))
        });
        let (value, tail) = filled.unwrap_or(("${", after));
        text.push_str(value);
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_hole_once() {
        let values = [("a", "${b}"), ("b", "2")];
        assert_eq!(fill("x${a}y${b}${c}$", &values), "x${b}y2${c}$");
    }
}
