//! Permissions that the policy lists for the app itself, by operating system.

use super::labels::{Kind, lookup};
use super::line::Line;
use super::source::Source;
use super::{AppPermissions, Located, section, value};
use std::ops::Range;

/// Lines without a permission after which a list has ended.
const MAX_PROSE: usize = 6;

/// Collects the permissions of all lines that no SDK record used.
///
/// A line counts where it begins with a permission's name, or where a list of permissions was announced above it. Names
/// dropped into running prose are left to [`super::Declaration::mention`].
pub(super) fn read(source: &Source, lines: &[Line], used: &[bool]) -> AppPermissions {
    let mut found = AppPermissions::default();
    let mut announced: Option<usize> = None;
    for (line, _) in lines.iter().zip(used).filter(|(line, used)| !line.is_blank() && !**used) {
        let body = source.slice(&line.body);
        if announces(source, line) {
            announced = Some(0);
        } else if line.heading > 0 {
            announced = None;
        }
        let names = if announced.is_some() || begins_with_name(body) { names(source, &line.body) } else { Vec::new() };
        if names.is_empty() {
            announced = announced.map(|lines| lines + 1).filter(|lines| *lines <= MAX_PROSE);
            continue;
        }
        announced = announced.map(|_| 0);
        names.into_iter().for_each(|name| file(&mut found, name));
    }
    found
}

fn announces(source: &Source, line: &Line) -> bool {
    let body = source.slice(&line.body).to_lowercase();
    let speaks = body.contains("permission") || body.contains("权限");
    let named = value::permission_names(source, &line.body).iter().any(|name| name.text.contains('.'));
    speaks && !named && (section::is_title(source, line, false) || body.ends_with([':', '：']))
}

/// "android.permission.CAMERA …" and "Permission: android.permission.CAMERA …".
fn begins_with_name(body: &str) -> bool {
    let labelled = body
        .split_once([':', '：'])
        .filter(|(label, _)| lookup(label).is_some_and(|label| label.kind == Kind::Permission));
    let start = labelled.map_or(body, |(_, value)| value);
    let start = start.trim_start_matches(['*', '`', '|', ' ', '"', '【', '[']);
    let end = start.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(start.len());
    let word = start[..end].trim_end_matches('.');
    value::is_permission_name(word) && (word.contains('.') || word.starts_with("NS"))
}

fn names(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let mut names = value::permission_names(source, range);
    // Bare names need their usual place; ANDROID_ID and the like stand in sentences.
    let body = source.slice(range);
    names.retain(|name| name.text.contains('.') || name.text.starts_with("NS") || body.starts_with(&name.text));
    names
}

fn file(found: &mut AppPermissions, name: Located) {
    let list = if name.text.starts_with("NS") && !name.text.contains('.') {
        &mut found.ios
    } else if name.text.to_ascii_lowercase().starts_with("ohos.") {
        &mut found.harmonyos
    } else {
        &mut found.android
    };
    if list.iter().all(|other| other.text != name.text) {
        list.push(name);
    }
}
