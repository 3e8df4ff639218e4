//! The pages say what the program does: every screen in README.md and README.zh.md is run and compared.
//!
//! A screen is a fenced block `console` whose first line is `$ <command>`, or a block `text` right below a comment
//! `<!-- $ <command> -->`. A line `...` stands for any lines, `? <code>` for the exit code. `sdkaudit` and `cargo run … --` both mean
//! the program. The stamp's version, signature count and digest change with every release and are not compared.
//!
//! `TRYCMD=overwrite cargo test --test readme` writes the screens anew; then read the difference before you commit it.

mod support;

use sdkaudit::audit::Rule;
use std::fs;
use support::run::{program, root};

const PAGES: [&str; 2] = ["README.md", "README.zh.md"];

struct Shown {
    /// `README.md:24`.
    place: String,
    command: String,
    output: Vec<String>,
    code: Option<i32>,
    /// Index of the line below the command, where the output begins.
    start: usize,
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All screens of a page.
fn screens(name: &str, text: &str) -> Vec<Shown> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<Shown> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(kind) = lines[at].strip_prefix("```").filter(|kind| !kind.is_empty()) else {
            at += 1;
            continue;
        };
        let end = (at + 1..lines.len()).find(|line| lines[*line] == "```");
        let end = end.unwrap_or_else(|| panic!("{name}:{}: the block does not end", at + 1));
        let above = at.checked_sub(1).and_then(|line| lines[line].strip_prefix("<!-- $ ")?.strip_suffix(" -->"));
        if let ("text", Some(command)) = (kind.trim(), above) {
            found.push(shown(name, at, command));
        }
        let open = kind.trim() == "console" || above.is_some();
        for (number, line) in lines[..end].iter().enumerate().skip(at + 1).filter(|_| open) {
            match (line.strip_prefix("$ "), line.strip_prefix("? ")) {
                (Some(command), _) => found.push(shown(name, number, command)),
                (None, Some(code)) => {
                    found.last_mut().expect("a command above").code = Some(code.parse().expect("an exit code"));
                }
                _ => found
                    .last_mut()
                    .unwrap_or_else(|| panic!("{name}:{}: no command", number + 1))
                    .output
                    .push((*line).into()),
            }
        }
        at = end + 1;
    }
    found
}

fn shown(name: &str, line: usize, command: &str) -> Shown {
    let place = format!("{name}:{}", line + 1);
    Shown { place, command: command.into(), output: Vec::new(), code: None, start: line + 1 }
}

/// Puts what the program prints in place of a screen that leaves nothing out.
fn overwrite(name: &str, screen: &Shown, printed: &str) {
    let whole = !screen.output.iter().any(|line| line == "...");
    if whole && std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        let mut lines: Vec<String> = page(name).lines().map(str::to_owned).collect();
        let end = screen.start + screen.output.len();
        lines.splice(screen.start..end, printed.trim_end().lines().map(|line| line.trim_end().to_owned()));
        fs::write(root().join(name), lines.join("\n") + "\n").expect("page written");
    }
}

/// The program's arguments in a command line.
fn arguments(command: &str) -> Vec<&str> {
    let rest = match command.split_once(" -- ") {
        Some(("cargo run --release" | "cargo run", rest)) => rest,
        _ => command.strip_prefix("sdkaudit ").unwrap_or_else(|| panic!("no command of this program: {command}")),
    };
    assert!(!rest.contains(['"', '\'', '|', '>', '\\']), "write it without a shell: {command}");
    rest.split_whitespace().collect()
}

/// `sdkaudit 0.1.0, 568 signatures (f7c1ec2c)` without its numbers.
fn redacted(line: &str) -> String {
    let is_stamp = line.starts_with("sdkaudit ") && (line.contains(" signatures (") || line.contains(" 条特征（"));
    if !is_stamp {
        return line.trim_end().to_owned();
    }
    let tail = line.find("   ").map_or("", |at| &line[at..]);
    format!("sdkaudit …{tail}")
}

/// Whether the lines are the wanted ones, where `...` stands for any.
fn fits(wanted: &[String], found: &[String]) -> bool {
    match wanted.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first == "..." => (0..=found.len()).any(|skip| fits(rest, &found[skip..])),
        Some((first, rest)) => found.first() == Some(first) && fits(rest, &found[1..]),
    }
}

#[test]
fn every_screen_is_what_the_program_prints() {
    for name in PAGES {
        let screens = screens(name, &page(name));
        assert!(!screens.is_empty(), "{name} shows no screen");
        // Last first: what is written anew moves only what stands below it.
        for screen in screens.into_iter().rev() {
            let output = program().args(arguments(&screen.command)).output().expect("the program runs");
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8(printed).expect("output is UTF-8");
            let found: Vec<String> = printed.lines().map(redacted).collect();
            let wanted: Vec<String> = screen.output.iter().map(|line| redacted(line)).collect();
            overwrite(name, &screen, &printed);
            let differs = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found);
            assert!(
                fits(&wanted, &found),
                "{}: $ {}\nprints\n{printed}\nthe first line that differs: {differs:#?}",
                screen.place,
                screen.command
            );
            if let Some(code) = screen.code {
                assert_eq!(output.status.code(), Some(code), "{}: $ {}", screen.place, screen.command);
            }
        }
    }
}

#[test]
fn every_command_to_try_works() {
    for name in PAGES {
        let text = page(name);
        let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("cargo run ")).collect();
        assert!(!commands.is_empty(), "{name} shows how to try it");
        for command in commands {
            let output = program().args(arguments(command)).output().expect("the program runs");
            assert_eq!(output.status.code(), Some(1), "{name}: {command} audits the sample app");
        }
    }
}

#[test]
fn both_pages_name_every_rule() {
    for name in PAGES {
        let text = page(name);
        let missing: Vec<&str> =
            Rule::ALL.iter().map(|rule| rule.id()).filter(|id| !text.contains(&format!("`{id}`"))).collect();
        assert!(missing.is_empty(), "{name} does not name {missing:?}");
    }
}

#[test]
fn this_test_sees_a_screen_that_lies() {
    let text = "```console\n$ sdkaudit explain package-case\npackage-case\n...\n? 0\n```\n\n<!-- $ sdkaudit explain x -->\n```text\nno\n```\n";
    let found = screens("page", text);
    let rows: Vec<(&str, &str, usize, Option<i32>)> =
        found.iter().map(|one| (one.place.as_str(), one.command.as_str(), one.output.len(), one.code)).collect();
    assert_eq!(
        rows,
        [("page:2", "sdkaudit explain package-case", 2, Some(0)), ("page:9", "sdkaudit explain x", 1, None)]
    );
    let lines = |text: &str| -> Vec<String> { text.lines().map(redacted).collect() };
    assert!(fits(&lines("a\n...\nd"), &lines("a\nb\nc\nd")) && fits(&lines("a\n..."), &lines("a")));
    assert!(
        !fits(&lines("a\n...\nd"), &lines("a\nb")) && !fits(&lines("a"), &lines("a\nb")) && !fits(&lines("a"), &[])
    );
    let stamp = "sdkaudit 0.1.0, 568 signatures (f7c1ec2c)   explain a rule: sdkaudit explain x";
    assert_eq!(redacted(stamp), "sdkaudit …   explain a rule: sdkaudit explain x");
    assert_eq!(redacted("sdkaudit 0.1.0，568 条特征（f7c1ec2c）"), "sdkaudit …");
}
