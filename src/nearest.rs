//! What a mistyped word was meant to be.

/// The name nearest to a mistyped one, when one is near: at most a third of its letters differ.
pub fn nearest<'n>(what: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&what.to_lowercase(), name);
    let near = names.map(|name| (distance(name), name)).min()?;
    (near.0 <= (what.chars().count() / 3).clamp(1, 4)).then_some(near.1)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_is_near() {
        let names = ["push", "payment", "map"];
        assert_eq!(nearest("pusch", names.into_iter()), Some("push"));
        assert_eq!(nearest("Paymnet", names.into_iter()), Some("payment"));
        assert_eq!(nearest("weather", names.into_iter()), None);
        assert_eq!(nearest("push", std::iter::empty()), None);
    }
}
