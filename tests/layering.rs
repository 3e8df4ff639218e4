//! The house keeps its order: a module uses only what is to its left, files stay readable, nothing dead is kept silent.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from left to right, each with what it may use of the others.
const ORDER: [(&str, &[&str]); 16] = [
    ("lang", &[]),
    ("error", &["lang"]),
    ("package", &[]),
    ("nearest", &[]),
    ("located", &[]),
    ("app", &["lang", "error", "package"]),
    ("platform", &["lang", "error", "package"]),
    ("signatures", &["lang", "error", "package", "nearest", "located", "platform"]),
    ("detect", &["lang", "error", "package", "app", "platform", "signatures"]),
    ("declared", &["lang", "error", "package", "platform", "signatures"]),
    ("audit", &["lang", "error", "package", "app", "platform", "signatures", "detect", "declared"]),
    ("compare", &["lang", "error", "package", "platform", "signatures", "detect", "audit"]),
    ("settings", &["lang", "error", "nearest", "located", "audit"]),
    (
        "report",
        &["lang", "error", "package", "app", "platform", "signatures", "detect", "declared", "audit", "compare"],
    ),
    ("batch", &["lang", "error", "package", "nearest", "app", "signatures", "detect", "declared", "audit", "report"]),
    (
        "cli",
        &[
            "lang",
            "error",
            "package",
            "nearest",
            "app",
            "platform",
            "signatures",
            "detect",
            "declared",
            "audit",
            "compare",
            "settings",
            "report",
            "batch",
        ],
    ),
];

/// Lines that a file of src/ may have.
const MAX_LINES: usize = 420;

/// Files over the limit, with the reason.
const LONG_FILES: [(&str, &str); 0] = [];

struct Source {
    /// Relative to src/, with `/`.
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    assert!(found.len() > 40, "src/ holds more than {} files", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("src/").map(|entry| entry.expect("entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("below src/").to_string_lossy().replace('\\', "/");
            found.push(Source { path: name, text: fs::read_to_string(&path).expect("source is UTF-8") });
        }
    }
}

impl Source {
    /// First folder, or the file itself at the root.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Lines of code, with their number: comments say what they like.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        lines.filter(|(_, line)| !line.starts_with("//"))
    }
}

/// Modules that a line names as `crate::name`, in `use` lines, paths and grouped imports.
fn used(line: &str) -> Vec<&str> {
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => {
                let inside = group.split('}').next().unwrap_or_default();
                found.extend(inside.split(',').map(|one| one.trim().split("::").next().unwrap_or_default()));
            }
            None => found.push(&rest[..name(rest)]),
        }
    }
    found.into_iter().filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_use_only_what_is_to_their_left() {
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for source in sources() {
        let module = source.module();
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = ORDER.iter().find(|(name, _)| *name == module) else {
            panic!("module {module} is not in the order: say where it stands");
        };
        for (line, code) in source.code() {
            for name in used(code).into_iter().filter(|name| *name != module) {
                arrows += 1;
                if !allowed.contains(&name) {
                    wrong.push(format!("src/{}:{line}: {module} uses {name}: {code}", source.path));
                }
            }
        }
    }
    assert!(arrows > 60, "only {arrows} arrows seen: does this test still read the code?");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_has_no_arrow_backwards() {
    for (at, (module, allowed)) in ORDER.iter().enumerate() {
        for name in *allowed {
            let left = ORDER.iter().position(|(other, _)| other == name).expect("a module of the order");
            assert!(left < at, "{module} may not use {name}");
        }
    }
}

#[test]
fn this_test_sees_every_form_of_an_arrow() {
    assert_eq!(used("use crate::lang::{Lang, Text};"), ["lang"]);
    assert_eq!(used("use crate::{error::Error, lang};"), ["error", "lang"]);
    assert_eq!(used("let x = crate::app::MANIFEST.len() + crate::detect::Signal::X as usize;"), ["app", "detect"]);
    assert_eq!(used("pub(crate) fn x() {}"), [""; 0]);
}

#[test]
fn files_stay_readable() {
    let excused = |path: &str| LONG_FILES.iter().any(|(file, _)| *file == path);
    let mut long = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > MAX_LINES && !excused(&source.path) {
            long.push(format!("src/{} has {lines} lines", source.path));
        }
        assert!(lines > MAX_LINES || !excused(&source.path), "{} is short now: take it off the list", source.path);
    }
    assert!(long.is_empty(), "over {MAX_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn nothing_dead_or_unfinished_is_kept_silent() {
    let forbidden =
        ["allow(dead_code", "allow(unused", "expect(dead_code", "expect(unused", "todo!(", "unimplemented!(", "dbg!("];
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, code) in source.code() {
            let found = forbidden.iter().find(|word| code.contains(**word));
            wrong.extend(found.map(|word| format!("src/{}:{line}: {word}", source.path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_never_ends_the_process_nor_writes_past_the_report() {
    let printing = ["println!(", "eprintln!(", "print!(", "eprint!(", "process::exit"];
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, code) in source.code() {
            let found = printing.iter().find(|word| code.contains(**word));
            wrong.extend(found.map(|word| format!("src/{}:{line}: {word}", source.path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
