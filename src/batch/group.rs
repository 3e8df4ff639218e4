//! Which files are parts of one app: the manifests say so, by application id, version code and the name of the split.

use super::inputs::Input;
use crate::app::{self, Piece};
use crate::error::Error;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Application id and version code.
type Identity = (String, Option<u64>);

/// Where a file belongs: to an app of its own, or to the base at this place.
fn bases(files: &[(PathBuf, Option<Identity>, bool)]) -> Vec<Option<usize>> {
    let mut of_identity: BTreeMap<&Identity, Vec<usize>> = BTreeMap::new();
    for (at, (_, identity, is_split)) in files.iter().enumerate() {
        if let Some(identity) = identity.as_ref().filter(|_| !is_split) {
            of_identity.entry(identity).or_default().push(at);
        }
    }
    let base = |(path, identity, is_split): &(PathBuf, Option<Identity>, bool)| {
        let candidates = of_identity.get(identity.as_ref().filter(|_| *is_split)?)?;
        let beside: Vec<usize> =
            candidates.iter().copied().filter(|at| files[*at].0.parent() == path.parent()).collect();
        match (candidates.as_slice(), beside.as_slice()) {
            ([one], _) | (_, [one]) => Some(*one),
            // Two copies of one base: which of them the part belongs to cannot be told, unless one bears the usual name.
            _ => beside.into_iter().find(|at| files[*at].0.file_name().is_some_and(|name| name == "base.apk")),
        }
    };
    files.iter().map(base).collect()
}

/// Puts parts to their bases. What is no part, and parts without a base, stay for themselves; the order is that of the bases.
pub fn pieces(read: Vec<Result<Piece, Error>>) -> Vec<Result<(Piece, Vec<Piece>), Error>> {
    let describe = |piece: &Result<Piece, Error>| match piece {
        Ok(piece) if piece.is_split() || piece.takes_splits() => {
            let (id, version) = piece.identity();
            (PathBuf::from(piece.path()), Some((id.to_owned(), version)), piece.is_split())
        }
        _ => (PathBuf::new(), None, false),
    };
    let files: Vec<_> = read.iter().map(describe).collect();
    let bases = bases(&files);
    let mut splits: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    let mut whole = Vec::new();
    for (at, (piece, base)) in read.into_iter().zip(bases).enumerate() {
        match (piece, base) {
            (Ok(piece), Some(base)) => splits.entry(base).or_default().push(piece),
            (piece, _) => whole.push((at, piece)),
        }
    }
    let with_splits = |(at, piece): (usize, Result<Piece, Error>)| {
        let mut splits = splits.remove(&at).unwrap_or_default();
        splits.sort_by(|a, b| a.path().cmp(b.path()));
        piece.map(|piece| (piece, splits))
    };
    whole.into_iter().map(with_splits).collect()
}

/// Puts parts to their bases before anything is read but manifests. Only folders are looked into in which a file is named as tools name
/// parts: what else is a part shows when it is read, and is told then.
pub fn inputs(inputs: &mut Vec<Input>) {
    let folder = |input: &Input| input.path.parent().map(Path::to_path_buf).unwrap_or_default();
    let plain = |input: &Input| input.refused.is_none() && input.is_plain();
    let hinting: Vec<PathBuf> =
        inputs.iter().filter(|input| plain(input) && is_named_as_part(&input.path)).map(folder).collect();
    if hinting.is_empty() {
        return;
    }
    let describe = |input: &Input| {
        let found = hinting.contains(&folder(input)).then(|| app::identify(&input.path)).flatten();
        match found.filter(|(_, _, split)| split.is_none() || plain(input)) {
            Some((id, version, split)) => (input.path.clone(), Some((id, version)), split.is_some()),
            None => (PathBuf::new(), None, false),
        }
    };
    let files: Vec<_> = inputs.iter().map(describe).collect();
    let bases = bases(&files);
    for (at, base) in bases.iter().enumerate() {
        if let Some(base) = base {
            let path = inputs[at].path.clone();
            inputs[*base].splits.push(path);
        }
    }
    let mut bases = bases.iter();
    inputs.retain(|_| bases.next().is_none_or(Option::is_none));
    inputs.iter_mut().for_each(|input| input.splits.sort());
}

/// `split_config.arm64_v8a.apk`, `config.zh.apk`, `base-arm64_v8a.apk`: as bundletool, Android and shops name parts.
fn is_named_as_part(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    name.contains("split") || name.contains("config.") || name.starts_with("base")
}
