//! Looking wanted things up by name: class files have no sorted tables of ids.

use super::wanted::{Members, Wanted};

/// The list, by name. Names, type descriptors and constants are known by their numbers.
pub struct ByName<'w>(pub &'w Wanted);

impl ByName<'_> {
    /// Number of a string that is wanted, or belongs to something wanted.
    pub fn number(&self, text: &[u8]) -> Option<usize> {
        self.0.strings.binary_search_by(|one| one.as_slice().cmp(text)).ok()
    }

    /// Number of a class, given with slashes, and what is wanted of it.
    fn class(&self, name: &[u8]) -> (Option<usize>, Option<&Members>) {
        let number = self.number(&[b"L", name, b";"].concat());
        (number, number.and_then(|number| self.0.classes.get(&number)))
    }

    /// Who wants a field of a class, given with slashes.
    pub fn fields(&self, class: &[u8], name: usize) -> Vec<u16> {
        let fields = self.class(class).1.map(|members| members.fields.as_slice()).unwrap_or_default();
        fields.iter().filter(|(field, _)| *field == name).map(|(_, want)| *want).collect()
    }

    /// What the calls (class with slashes, name) and string constants of one class come to. Which constant goes to which call is not
    /// known, so any of the class counts; `strings` is sorted.
    pub fn hits(&self, calls: &[(&[u8], usize)], strings: &[usize]) -> Vec<u16> {
        let (mut hits, mut reflects) = (Vec::new(), false);
        let holds = |text: usize| strings.binary_search(&text).is_ok();
        for (class, name) in calls {
            let (number, members) = self.class(class);
            let reflection = self.0.reflection.iter().find(|(class, _)| Some(*class) == number);
            reflects |= reflection.is_some_and(|(_, names)| names.contains(name));
            let methods = members.map(|members| members.methods.as_slice()).unwrap_or_default();
            for (_, want) in methods.iter().filter(|(method, _)| method == name) {
                let argument = self.0.argument(*want);
                let passed = |argument: &str| self.number(argument.as_bytes()).is_some_and(holds);
                if argument.is_none_or(passed) {
                    hits.push(*want);
                }
            }
        }
        let literals = self.0.literals.iter().filter(|(text, _)| holds(*text));
        let counts = |want: &u16| reflects || !self.0.counts_beside_reflection(*want);
        hits.extend(literals.map(|(_, want)| *want).filter(counts));
        hits
    }
}
