//! What runs in other people's pipelines, run here: the action's steps, the GitLab script, the hook's manifest.

use crate::support::run::root;
use crate::tool;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

fn yaml(name: &str) -> Yaml {
    let text = fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")).remove(0)
}

fn text(yaml: &Yaml) -> &str {
    yaml.as_str().unwrap_or_default()
}

/// A pipeline's folder: the sample, the program on the PATH, and the files that a runner provides.
struct Runner {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

impl Runner {
    fn new() -> Runner {
        let folder = TempDir::new().expect("folder");
        for name in ["meterpay.apk", "meterpay-policy.md", "meterpay-policy-clean.md"] {
            fs::copy(root().join("samples").join(name), folder.path().join(name)).expect("copied");
        }
        Runner { folder, variables: BTreeMap::new() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// Runs a script as the runner does; its exit code and what it printed.
    fn run(&self, shell: &[&str], script: &str) -> (Option<i32>, String) {
        let program = Path::new(env!("CARGO_BIN_EXE_sdkaudit"));
        let path =
            std::env::join_paths([program.parent().expect("a folder"), Path::new("/usr/bin"), Path::new("/bin")]);
        let output = Command::new(shell[0])
            .args(&shell[1..])
            .arg(script)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", path.expect("PATH"))
            .env("LC_ALL", "C.UTF-8")
            .envs(["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"].map(|name| (name, self.file(name))))
            .envs(&self.variables)
            .output()
            .expect("a shell");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    fn output(&self, name: &str) -> String {
        let line = |line: &str| line.strip_prefix(&format!("{name}=")).map(str::to_owned);
        self.read("GITHUB_OUTPUT").lines().find_map(line).unwrap_or_default()
    }

    /// `${{ inputs.app }}` and `${{ steps.audit.outputs.exit-code }}` as the runner fills them in.
    fn evaluate(&self, value: &str, action: &Yaml, inputs: &BTreeMap<&str, &str>) -> String {
        let Some(expression) = value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) else {
            return value.to_owned();
        };
        if let Some(name) = expression.strip_prefix("inputs.") {
            let input = &action["inputs"][name];
            assert!(!input.is_badvalue(), "no input {name}");
            return inputs.get(name).copied().unwrap_or(text(&input["default"])).to_owned();
        }
        if let Some(name) = expression.strip_prefix("steps.audit.outputs.") {
            return self.output(name);
        }
        panic!("an expression that this test does not know: {expression}");
    }

    /// The shell steps of the action but the installation; the exit code of the last.
    fn action(&mut self, inputs: &[(&str, &str)]) -> Option<i32> {
        let action = yaml("action.yml");
        let inputs: BTreeMap<&str, &str> = inputs.iter().copied().collect();
        let steps = action["runs"]["steps"].as_vec().expect("steps");
        let mut last = None;
        for step in steps.iter().filter(|step| step["run"].as_str().is_some() && text(&step["id"]) != "install") {
            let variables = step["env"].as_hash().expect("env");
            let filled = variables
                .iter()
                .map(|(name, value)| (text(name).to_owned(), self.evaluate(text(value), &action, &inputs)));
            self.variables = filled.collect();
            let (code, said) =
                self.run(&["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"], text(&step["run"]));
            if text(&step["id"]) == "audit" {
                assert_eq!(code, Some(0), "the audit step leaves the verdict to the last: {said}");
            }
            last = code;
        }
        last
    }
}

#[test]
fn the_action_audits_reports_and_fails_last() {
    let mut runner = Runner::new();
    let code = runner.action(&[("app", "meterpay.apk"), ("declared", "meterpay-policy.md")]);
    assert_eq!((code, runner.output("exit-code").as_str()), (Some(1), "1"));
    let sarif = runner.read(&runner.output("sarif"));
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap_or_else(|error| panic!("{error}: {sarif}"));
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["runs"][0]["results"].as_array().is_some_and(|results| results.len() > 20));
    assert!(runner.read("GITHUB_STEP_SUMMARY").contains("undeclared-sdk"));
    assert!(runner.read("sdkaudit-reports/sdkaudit.html").contains("<html"));

    let mut clean = Runner::new();
    assert_eq!(clean.action(&[("app", "meterpay.apk"), ("declared", "meterpay-policy-clean.md")]), Some(0));
    // What the command line refuses, the action does not pass over.
    let mut odd = Runner::new();
    assert_eq!(
        odd.action(&[("app", "meterpay.apk"), ("declared", "meterpay-policy.md"), ("fail-on", "never")]),
        Some(2)
    );
    let mut none = Runner::new();
    assert_eq!(none.action(&[("app", "missing.apk"), ("declared", "meterpay-policy.md")]), Some(2));
}

#[test]
fn the_action_takes_the_projects_settings() {
    let mut runner = Runner::new();
    fs::write(runner.file("sdkaudit.toml"), "declared = \"meterpay-policy.md\"\nwaivers = \"w.toml\"\n")
        .expect("written");
    fs::write(runner.file("w.toml"), "").expect("written");
    assert_eq!(runner.action(&[("app", "meterpay.apk")]), Some(1));
}

#[test]
fn no_input_is_a_piece_of_a_script() {
    let action = yaml("action.yml");
    for step in action["runs"]["steps"].as_vec().expect("steps") {
        assert!(!text(&step["run"]).contains("${{"), "{}", text(&step["name"]));
        assert!(step["run"].is_badvalue() || text(&step["shell"]) == "bash", "{}", text(&step["name"]));
    }
    for hostile in
        ["$(touch pwned).apk", "`touch pwned`", "a.apk; touch pwned", "--exit-zero", "a\" && touch pwned && \""]
    {
        let mut runner = Runner::new();
        let code = runner.action(&[("app", hostile), ("declared", hostile), ("waivers", ""), ("lang", "en")]);
        assert_eq!(code, Some(2), "{hostile}");
        assert!(!runner.file("pwned").exists(), "{hostile}");
    }
}

#[test]
fn the_action_declares_what_it_uses() {
    let action = yaml("action.yml");
    assert_eq!(text(&action["runs"]["using"]), "composite");
    let source = fs::read_to_string(root().join("action.yml")).expect("action.yml");
    let names = |key: &str| -> Vec<String> {
        action[key].as_hash().expect("a mapping").keys().map(|name| text(name).to_owned()).collect()
    };
    for input in names("inputs") {
        assert!(source.contains(&format!("inputs.{input}")), "{input} is used");
        assert!(!text(&action["inputs"][input.as_str()]["description"]).is_empty(), "{input} is described");
    }
    assert_eq!(names("outputs"), ["exit-code", "sarif"]);
    let page = fs::read_to_string(root().join("docs/ci.md")).expect("docs/ci.md");
    for name in names("inputs").iter().chain(&names("outputs")) {
        assert!(page.contains(&format!("`{name}`")), "docs/ci.md names {name}");
    }
}

#[test]
fn the_gitlab_script_writes_what_the_job_collects() {
    let job = &yaml("ci/gitlab.yml")[".sdkaudit"];
    let script: Vec<&str> = job["script"].as_vec().expect("script").iter().map(text).collect();
    let run = |changes: &[(&str, &str)]| {
        let mut runner = Runner::new();
        let variables = job["variables"].as_hash().expect("variables");
        runner.variables =
            variables.iter().map(|(name, value)| (text(name).to_owned(), text(value).to_owned())).collect();
        runner.variables.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (code, said) = runner.run(&["sh", "-e", "-c"], &script.join("\n"));
        (runner, code, said)
    };
    let app = ("SDKAUDIT_APP", "meterpay.apk");
    let (runner, code, said) = run(&[app, ("SDKAUDIT_DECLARED", "meterpay-policy.md")]);
    assert!(code == Some(1) && said.contains("failed: 1 app"), "{said}");
    let junit = text(&job["artifacts"]["reports"]["junit"]);
    assert!(runner.read(junit).contains("<testsuite"), "{junit}");
    let (_, code, said) = run(&[app, ("SDKAUDIT_DECLARED", "meterpay-policy-clean.md")]);
    assert_eq!(code, Some(0), "{said}");
    // What the project's own settings say stands.
    let mut settled = runner;
    let warned = settled.read("meterpay-policy-clean.md").replacen("https://", "http://", 1);
    fs::write(settled.file("warned.md"), warned).expect("written");
    settled.variables.insert("SDKAUDIT_DECLARED".to_owned(), "warned.md".to_owned());
    for (settings, wanted) in [("", 0), ("fail-on = \"note\"\n", 1)] {
        fs::write(settled.file("sdkaudit.toml"), settings).expect("written");
        let (code, said) = settled.run(&["sh", "-e", "-c"], &script.join("\n"));
        assert_eq!(code, Some(wanted), "{said}");
    }
    let (_, code, said) = run(&[app]);
    assert!(code == Some(2) && said.contains("there is no policy to compare with"), "{said}");
}

#[test]
fn the_hooks_start_lint() {
    let manifest = yaml(".pre-commit-hooks.yaml");
    let hooks = manifest.as_vec().expect("a list of hooks");
    let ids: Vec<(&str, &str)> = hooks.iter().map(|hook| (text(&hook["id"]), text(&hook["language"]))).collect();
    assert_eq!(ids, [("sdkaudit-lint", "rust"), ("sdkaudit-lint-system", "system")]);
    let runner = Runner::new();
    for hook in hooks {
        let command = format!("{} meterpay-policy.md meterpay-policy-clean.md --fail-on warning", text(&hook["entry"]));
        let (code, said) = runner.run(&["sh", "-c"], &command);
        assert!(code == Some(1) && said.contains("failed: 2 documents"), "{said}");
    }
    let path = root().join(".pre-commit-hooks.yaml");
    if let Some(said) = tool("pre-commit", &["validate-manifest", path.to_str().expect("UTF-8")]) {
        assert!(said.success, "{}{}", said.stdout, said.stderr);
    }
}
