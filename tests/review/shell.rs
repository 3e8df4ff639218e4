//! Completions and manual pages, held against the shells and tools that read them.

use crate::{run, tool};
use std::fs;
use tempfile::TempDir;

const COMMANDS: [&str; 8] = ["audit", "lint", "inspect", "extract", "explain", "compare", "declare", "signatures"];

#[test]
fn every_shell_takes_its_completions() {
    let folder = TempDir::new().expect("folder");
    // Broken settings are none of their business.
    fs::write(folder.path().join("sdkaudit.toml"), "nonsense").expect("written");
    for (shell, check) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"]), ("powershell", &[])] {
        let ran = run(folder.path(), &["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        for command in COMMANDS.iter().chain(&["--write-waivers", "--fail-on-new"]) {
            // PowerShell and fish write options in pieces.
            assert!(ran.stdout.contains(command.trim_start_matches("--")), "{shell}: {command}");
        }
        let script = folder.path().join(shell);
        fs::write(&script, &ran.stdout).expect("written");
        if !check.is_empty()
            && let Some(said) = tool(shell, &[check, &[script.to_str().expect("UTF-8")]].concat())
        {
            assert!(said.success, "{shell}: {}", said.stderr);
        }
    }
    assert_eq!(run(folder.path(), &["completion", "bash"]).code, Some(0), "the name without s");
    assert_eq!(run(folder.path(), &["completions", "tcsh"]).code, Some(2));
}

/// What bash offers after words that are typed.
#[test]
fn bash_completes_commands_and_options() {
    let folder = TempDir::new().expect("folder");
    let script = run(folder.path(), &["completions", "bash"]).stdout;
    fs::write(folder.path().join("sdkaudit.bash"), script).expect("written");
    let ask = |words: &str, current: &str| {
        let script = format!(
            "source {}/sdkaudit.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); \
             _sdkaudit sdkaudit {current} x; echo \"${{COMPREPLY[@]}}\"",
            folder.path().display()
        );
        tool("bash", &["-c", &script]).map(|said| said.stdout)
    };
    let Some(offered) = ask("sdkaudit comp", "comp") else { return };
    assert!(offered.split_whitespace().any(|word| word == "compare"), "{offered}");
    let offered = ask("sdkaudit audit --write", "--write").expect("bash is there");
    assert_eq!(offered.trim(), "--write-waivers");
}

#[test]
fn every_command_has_a_page() {
    let folder = TempDir::new().expect("folder");
    let ran = run(folder.path(), &["man", "pages"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
    for command in COMMANDS.iter().chain(&["signatures-check"]) {
        let name = format!("sdkaudit-{command}.1");
        let page = fs::read_to_string(folder.path().join("pages").join(&name))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH DESCRIPTION"), "{name}");
        let path = folder.path().join("pages").join(&name);
        if let Some(said) = tool("man", &["-l", "--warnings=mac", path.to_str().expect("UTF-8")]) {
            assert!(said.success && said.stderr.is_empty() && said.stdout.contains(command), "{name}: {}", said.stderr);
        }
    }
    let main = run(folder.path(), &["man"]);
    assert!(main.code == Some(0) && main.stdout.contains(".TH sdkaudit 1"), "{}", main.stdout);
    fs::write(folder.path().join("file"), "").expect("written");
    assert_eq!(run(folder.path(), &["man", "file/pages"]).code, Some(2));
}
