//! Which body of code names which packages of other bodies, in one dex file.
//!
//! One body after the other is looked at. Methods and fields of a package are marked until the body has named it once: the answer
//! does not change by a second time.

use super::bytecode::{BodyOf, Groups};
use super::dex::{Dex, ID};
use super::packages::dotted;
use super::sweep::{LINK_FIELD, LINK_METHOD, Marks};
use std::ops::Range;
use std::sync::Arc;

/// What is known of links while a file is looked at.
pub struct Links<'a> {
    groups: &'a Groups<'a>,
    /// Body of each package; empty where bodies are not told apart.
    bodies: Vec<u32>,
    /// Method and field ids of each package that belongs to a body.
    ids: Vec<[Range<u32>; 2]>,
    /// Packages that belong to a body, by body.
    members: Vec<(u32, u32)>,
    /// The body that is looked at.
    own: u32,
    /// Packages without marks for now, as a list and by package.
    unmarked: Vec<u32>,
    is_unmarked: Vec<bool>,
    /// Body and package.
    found: Vec<(u32, u32)>,
}

impl<'a> Links<'a> {
    /// Marks the ids of all packages that belong to a body.
    pub fn new(dex: &Dex<'_>, groups: &'a Groups<'a>, body_of: Option<BodyOf<'_>>, marks: &mut Marks) -> Links<'a> {
        let body_of = body_of.into_iter().flat_map(|body_of| groups.packages.iter().map(|(name, _)| body_of(name)));
        let bodies: Vec<u32> = body_of.collect();
        let mut places = [dex.method_ids, dex.field_ids].map(|ids| Places { ids: ids.as_chunks().0, last: (0, 0) });
        let ids_of = |(body, (_, types)): (&u32, &(&[u8], Range<u32>))| match body {
            0 => [0..0, 0..0],
            _ => places.each_mut().map(|places| places.of(types)),
        };
        let ids = bodies.iter().zip(&groups.packages).map(ids_of).collect();
        let mut members: Vec<(u32, u32)> = bodies.iter().copied().zip(0..).filter(|(body, _)| *body != 0).collect();
        members.sort_unstable();
        let (unmarked, is_unmarked) = (Vec::new(), vec![false; bodies.len()]);
        let links = Links { groups, bodies, ids, members, own: 0, unmarked, is_unmarked, found: Vec::new() };
        (0..links.ids.len() as u32).for_each(|package| links.mark(package, marks));
        links
    }

    /// The body that a type's code belongs to.
    pub fn body_of(&self, class: u32) -> u32 {
        self.package(class).map_or(0, |(_, body)| body)
    }

    /// Package and body of a type.
    fn package(&self, class: u32) -> Option<(u32, u32)> {
        let package = *self.groups.of_type.get(class as usize)?;
        Some((package, *self.bodies.get(package as usize)?))
    }

    /// From now on the code of this body is looked at.
    pub fn begin(&mut self, own: u32, marks: &mut Marks) {
        self.own = own;
        let first = self.members.partition_point(|(body, _)| *body < own);
        for at in first..self.members.len() {
            let (body, package) = self.members[at];
            if body != own {
                break;
            }
            self.unmark(package, marks);
        }
    }

    /// The body has been looked at.
    pub fn end(&mut self, marks: &mut Marks) {
        let unmarked = std::mem::take(&mut self.unmarked);
        for package in &unmarked {
            self.mark(*package, marks);
            self.is_unmarked[*package as usize] = false;
        }
        self.unmarked = unmarked;
        self.unmarked.clear();
    }

    /// The body names this type.
    #[inline]
    pub fn to(&mut self, class: u32, marks: &mut Marks) {
        // Packages of its own are unmarked from the beginning.
        let other = self.package(class).filter(|(package, body)| *body != 0 && !self.is_unmarked[*package as usize]);
        if let Some((package, _)) = other {
            self.found.push((self.own, package));
            self.unmark(package, marks);
        }
    }

    /// All links, sorted.
    pub fn finish(&mut self, links: &mut Vec<(u32, Arc<str>)>) {
        let mut names: Vec<Option<Arc<str>>> = vec![None; self.groups.packages.len()];
        for (body, package) in self.found.drain(..) {
            let (name, _) = self.groups.packages[package as usize];
            let name = names[package as usize].get_or_insert_with(|| dotted(name).into());
            links.push((body, name.clone()));
        }
        links.sort_unstable();
        links.dedup();
    }

    fn mark(&self, package: u32, marks: &mut Marks) {
        let [methods, fields] = self.ids[package as usize].clone();
        marks.set_all(methods, LINK_METHOD);
        marks.set_all(fields, LINK_FIELD);
    }

    fn unmark(&mut self, package: u32, marks: &mut Marks) {
        self.unmarked.push(package);
        self.is_unmarked[package as usize] = true;
        let [methods, fields] = self.ids[package as usize].clone();
        marks.clear_all(methods, LINK_METHOD);
        marks.clear_all(fields, LINK_FIELD);
    }
}

/// Finds methods or fields, which are sorted by class, of neighbouring types.
struct Places<'a> {
    ids: &'a [[u8; ID]],
    /// A type, and where its ids begin.
    last: (u32, usize),
}

impl Places<'_> {
    /// Asked of ascending types: nearly always the next answer is not far.
    fn of(&mut self, types: &Range<u32>) -> Range<u32> {
        let start = self.first(types.start);
        start..self.first(types.end)
    }

    fn first(&mut self, class: u32) -> u32 {
        let (last, from) = self.last;
        if class != last {
            let class_of = |id: &[u8; ID]| u32::from(u16::from_le_bytes([id[0], id[1]]));
            let rest = &self.ids[from..];
            let mut reach = 16;
            while rest.get(reach).is_some_and(|id| class_of(id) < class) {
                reach *= 2;
            }
            let near = &rest[..rest.len().min(reach)];
            self.last = (class, from + near.partition_point(|id| class_of(id) < class));
        }
        self.last.1 as u32
    }
}
