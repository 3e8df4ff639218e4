//! Every format from one run, each held against its own schema or parser, and against names that try to get out of it.

mod support;

use pulldown_cmark::{Event, Options, Parser, Tag};
use quick_junit::{Report as Junit, TestCaseStatus};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use support::run::{program, root};
use support::{ApkBuilder, Arg, Class, Dex, Invoke, Method, MethodRef, hostile};

const FORMATS: [&str; 9] = ["text", "json", "sarif", "html", "markdown", "junit", "cyclonedx", "github", "csv"];

/// Runs the program with `-o` for every format of `formats` and gives what it wrote.
struct Reports {
    folder: tempfile::TempDir,
}

impl Reports {
    fn of(arguments: &[&str], formats: &[&str], code: i32) -> Reports {
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut command = program();
        // Waivers end on a day.
        command.args(arguments).env("SOURCE_DATE_EPOCH", "1790000000");
        for format in formats {
            command.arg("-o").arg(format!("{format}={}", folder.path().join(format).display()));
        }
        let output = command.output().expect("the program runs");
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        let names = fs::read_dir(folder.path()).expect("folder").count();
        assert_eq!(names, formats.len(), "one file per report and nothing beside them");
        Reports { folder }
    }

    /// The sample app, in a language.
    fn sample(lang: &str) -> Reports {
        let policy = if lang == "zh" { "samples/meterpay-policy.zh.md" } else { "samples/meterpay-policy.md" };
        Reports::of(&["audit", "samples/meterpay.apk", "-d", policy, "--lang", lang], &FORMATS, 1)
    }

    fn text(&self, format: &str) -> String {
        fs::read_to_string(self.folder.path().join(format)).unwrap_or_else(|error| panic!("{format}: {error}"))
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.text(format)).unwrap_or_else(|error| panic!("{format}: {error}"))
    }
}

/// The hostile app against the hostile policy; the folder is the working directory.
fn hostile_report(format: &str) -> (String, PathBuf) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (app, policy) = hostile::write(folder.path());
    let here = fs::canonicalize(folder.path()).expect("folder");
    let arguments = ["audit", name(&app), "-d", name(&policy), "-f", format];
    let output = program().current_dir(folder.path()).args(arguments).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).expect("UTF-8"), here)
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("a name")
}

fn schema(name: &str) -> Value {
    let path = root().join("tests/schemas").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("schema is JSON")
}

fn problems(validator: &jsonschema::Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn sarif_validator() -> jsonschema::Validator {
    // The pattern for languages ends in a bracket too many, which strict engines refuse: meant is `en` or `en-US`.
    let (wrong, meant) = ("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let text = schema("sarif-2.1.0.schema.json").to_string();
    assert_eq!(text.matches(wrong).count(), 2);
    let schema = serde_json::from_str(&text.replace(wrong, meant)).expect("schema is JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("SARIF schema")
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("results")
}

#[test]
fn sarif_is_valid_and_complete() {
    let validator = sarif_validator();
    for lang in ["en", "zh"] {
        let reports = Reports::sample(lang);
        let (log, json) = (reports.json("sarif"), reports.json("json"));
        assert_eq!(problems(&validator, &log), [""; 0], "{lang}");
        let findings = json["apps"][0]["findings"].as_array().expect("findings");
        assert_eq!(results(&log).len(), findings.len());
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        let mut fingerprints = BTreeSet::new();
        for (result, finding) in results(&log).iter().zip(findings) {
            let index = result["ruleIndex"].as_u64().expect("index") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert_eq!((&result["ruleId"], &result["level"]), (&finding["rule"], &finding["severity"]));
            // GitHub refuses results without a relative place, and shows equal fingerprints as one alert.
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("uri");
            assert!(uri.starts_with("samples/meterpay-policy") && !uri.contains(':'), "{uri}");
            assert!(place["region"]["startLine"].as_u64() >= Some(1));
            if let Some(line) = finding["declared"]["line"].as_u64() {
                assert_eq!(place["region"]["startLine"], line);
            }
            let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("hash");
            assert!(fingerprints.insert(hash.to_owned()), "{hash} stands twice");
        }
        let help = rules[0]["help"]["markdown"].as_str().expect("help");
        assert!(help.contains("present in the app") && help.contains("应用中存在某个 SDK"), "{help}");
        let translated = log["runs"][0]["translations"][0]["rules"].as_array().expect("translation");
        assert_eq!(translated.len(), rules.len());
        assert_ne!(translated[0]["shortDescription"], rules[0]["shortDescription"]);
    }
}

#[test]
fn the_sarif_schema_sees_a_wrong_log() {
    let mut log = Reports::sample("en").json("sarif");
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    log["runs"][0]["columnKind"] = "bytes".into();
    assert_eq!(problems(&sarif_validator(), &log).len(), 2);
}

#[test]
fn findings_stand_in_the_document_that_holds_them() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let first = folder.path().join("first.md");
    fs::write(&first, support::policy::Policy::new().sdk("Somebody's SDK", "com.somebody.sdk").text()).expect("policy");
    let first = first.display().to_string();
    let second = "samples/meterpay-policy.md";
    let arguments = ["audit", "samples/meterpay.apk", "-d", &first, "-d", second, "-f", "sarif"];
    let output = program().args(arguments).output().expect("the program runs");
    let log: Value = serde_json::from_slice(&output.stdout).expect("SARIF");
    assert_eq!(problems(&sarif_validator(), &log), [""; 0]);
    assert_eq!(log["runs"][0]["artifacts"].as_array().expect("artifacts").len(), 3);
    let case = results(&log).iter().find(|one| one["ruleId"] == "package-case").expect("package-case");
    let place = &case["locations"][0]["physicalLocation"];
    assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&second.into(), &47.into()));
    let change = &case["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], second);
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 47);
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let text = fs::read_to_string(root().join("samples/meterpay-policy.md")).expect("policy");
    let hashes = |name: &str, text: &str| -> BTreeSet<(String, u64)> {
        let policy = folder.path().join(name);
        fs::write(&policy, text).expect("policy written");
        let policy = policy.display().to_string();
        let output =
            program().args(["audit", "samples/meterpay.apk", "-f", "sarif", "-d", &policy]).output().expect("runs");
        let log: Value = serde_json::from_slice(&output.stdout).expect("SARIF");
        let pair = |one: &Value| {
            let line = one["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().expect("line");
            (one["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("hash").to_owned(), line)
        };
        results(&log).iter().map(pair).collect()
    };
    let (before, after) = (hashes("a.md", &text), hashes("b.md", &format!("\n\n\n{text}")));
    let moved: BTreeSet<(String, u64)> = before.iter().map(|(hash, line)| (hash.clone(), line + 3)).collect();
    assert_eq!(moved, after);
    // Windows line endings move nothing either.
    assert_eq!(hashes("c.md", &text.replace('\n', "\r\n")), before);
}

#[test]
fn an_unreadable_app_shows_in_every_format_of_findings() {
    let arguments = ["audit", "tests/fixtures/cut.apk", "samples/meterpay.apk", "-d", "samples/meterpay-policy.md"];
    let reports = Reports::of(&arguments, &["sarif", "junit", "github", "markdown", "html"], 2);
    let log = reports.json("sarif");
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(problems(&sarif_validator(), &log), [""; 0]);
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"].as_array().expect("list").len(), 1);
    assert_eq!(Junit::deserialize_from_str(&reports.text("junit")).expect("JUnit").errors, 1);
    for format in ["github", "markdown", "html"] {
        assert!(reports.text(format).contains("cannot read tests/fixtures/cut.apk"), "{format}");
    }
}

#[test]
fn junit_counts_what_fails() {
    let reports = Reports::sample("en");
    let (junit, json) = (Junit::deserialize_from_str(&reports.text("junit")).expect("JUnit"), reports.json("json"));
    let counts = &json["summary"]["findings"];
    assert_eq!(junit.failures as u64, counts["error"].as_u64().expect("errors"));
    let findings = json["apps"][0]["findings"].as_array().expect("findings").len();
    assert_eq!(junit.tests, findings + 1, "one case per finding and one for the reading");
    let suite = &junit.test_suites[0];
    let placed = suite.test_cases.iter().filter(|case| case.extra.contains_key("line")).count();
    assert!(placed > 10, "{placed}");
    let (hostile, _) = hostile_report("junit");
    let hostile = Junit::deserialize_from_str(&hostile).expect("hostile names make no markup");
    let fails = |case: &&quick_junit::TestCase| matches!(case.status, TestCaseStatus::NonSuccess { .. });
    assert!(hostile.test_suites[0].test_cases.iter().filter(fails).count() > 0);
}

#[test]
fn cyclonedx_is_valid_and_holds_every_present_sdk() {
    let (spdx, jsf, bom) = (schema("spdx.schema.json"), schema("jsf-0.82.schema.json"), schema("bom-1.6.schema.json"));
    let registry = jsonschema::Registry::new()
        .add("http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json", &spdx)
        .and_then(|registry| registry.add("http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json", &jsf))
        .and_then(|registry| registry.prepare())
        .expect("registry");
    let validator = jsonschema::options().with_registry(&registry).build(&bom).expect("CycloneDX schema");
    let reports = Reports::sample("en");
    let (bill, json) = (reports.json("cyclonedx"), reports.json("json"));
    assert_eq!(problems(&validator, &bill), [""; 0]);
    let present = json["apps"][0]["sdks"].as_array().expect("sdks").iter().filter(|sdk| sdk["presence"] == "present");
    let components = bill["components"].as_array().expect("components");
    assert_eq!(components.len(), present.count());
    assert!(components.iter().all(|one| !one["evidence"]["occurrences"].as_array().expect("evidence").is_empty()));
    assert!(components.iter().any(|one| one["version"] == "4.12.0"), "versions are told");
    // References point to components of the bill.
    let known: BTreeSet<&str> = components.iter().filter_map(|one| one["bom-ref"].as_str()).collect();
    let dependencies = bill["dependencies"].as_array().expect("dependencies");
    let wanted = dependencies.iter().flat_map(|one| one["dependsOn"].as_array().expect("list"));
    assert!(wanted.filter_map(Value::as_str).all(|one| known.contains(one)));
    let several = Reports::of(&["inspect", "samples/meterpay.apk", "tests/fixtures/small.apk"], &["cyclonedx"], 0);
    assert_eq!(problems(&validator, &several.json("cyclonedx")), [""; 0]);
    let mut wrong = bill.clone();
    wrong["components"][0]["type"] = "sdk".into();
    assert!(!problems(&validator, &wrong).is_empty());
    let (hostile, _) = hostile_report("cyclonedx");
    assert_eq!(problems(&validator, &serde_json::from_str(&hostile).expect("JSON")), [""; 0]);
}

/// Elements and links that a Markdown text makes.
fn markup(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM | Options::ENABLE_MATH;
    let made = Parser::new_ext(text, options).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(html.trim().to_owned()),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        Event::InlineMath(math) | Event::DisplayMath(math) => Some(math.to_string()),
        _ => None,
    });
    made.filter(|one| !one.is_empty()).collect()
}

#[test]
fn markdown_quotes_and_never_obeys() {
    let ours = |one: &str| {
        let tags = ["<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>"];
        tags.iter().any(|tag| one.starts_with(tag)) && !one.contains("script") && !one.contains("img")
    };
    let (text, _) = hostile_report("markdown");
    let made = markup(&text);
    assert!(made.iter().all(|one| ours(one)), "{made:#?}");
    assert!(text.contains("window.pwned"), "the name is shown: {text}");
    // Outside code a mention would write to a person.
    let mentions = Parser::new(&text).any(|event| matches!(&event, Event::Text(text) if text.contains("@octocat")));
    assert!(!mentions, "{text}");
    assert_eq!(markup("a <b>c</b> [d](e)"), ["<b>", "</b>", "e"], "this test sees markup");
    let sample = Reports::sample("zh").text("markdown");
    assert!(sample.starts_with("### sdkaudit：未通过，") && markup(&sample).iter().all(|one| ours(one)));
}

#[test]
fn markdown_fits_a_comment() {
    let mut policy = support::policy::Policy::new();
    for number in 0..900 {
        policy = policy.sdk(&format!("Unheard Of Long Winded Name {number}"), &format!("com.Nobody{number}.Knows.Sdk"));
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("p.md"), policy.text()).expect("policy");
    let output = program()
        .args(["audit", "samples/meterpay.apk", "-f", "markdown", "-d"])
        .arg(folder.path().join("p.md"))
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.chars().count() < 65_536, "{}", text.len());
    assert!(text.contains("more, in the full report") && text.ends_with("</sub>\n"));
}

#[test]
fn markdown_of_many_apps_fits_a_comment() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let sample = fs::read(root().join("samples/meterpay.apk")).expect("sample");
    let mut arguments: Vec<String> = Vec::new();
    for number in 0..60 {
        fs::write(folder.path().join(format!("{number}.apk")), &sample).expect("app");
        arguments.push(format!("{number}.apk"));
    }
    arguments.extend((0..400).map(|number| format!("no-such-file-with-a-long-name-{number}.apk")));
    for command in ["inspect", "audit"] {
        let policy = root().join("samples/meterpay-policy.md");
        let mut run = program();
        run.current_dir(folder.path()).args([command, "-f", "markdown"]).args(&arguments);
        if command == "audit" {
            run.arg("-d").arg(policy);
        }
        let text = String::from_utf8(run.output().expect("the program runs").stdout).expect("UTF-8");
        assert!(text.chars().count() < 65_536, "{command}: {}", text.len());
        assert!(text.contains("apps left out here, in the full report") && text.ends_with("</sub>\n"), "{command}");
        assert!(
            text.contains("more could not be read") && text.contains("no-such-file-with-a-long-name-0"),
            "{command}"
        );
    }
}

/// Text of the cells of a table row, with their classes.
fn matrix_cells(row: &str) -> Vec<(&str, &str)> {
    let cells = row.split("<td class=\"cell").skip(1);
    cells.filter_map(|cell| cell.split_once("\">")).map(|(class, rest)| (class.trim(), rest)).collect()
}

#[test]
fn every_undeclared_data_type_has_its_red_cell() {
    // Alipay reads the cell tower itself, and the location in the security code that it brings along.
    let read = |api: &MethodRef| Method::new("a", "()V").call(Invoke::Virtual, api, &[Arg::Int(0)]);
    let cell =
        MethodRef::new("android.telephony.TelephonyManager", "getCellLocation", "()Landroid/telephony/CellLocation;");
    let apps = MethodRef::new("android.content.pm.PackageManager", "getInstalledPackages", "(I)Ljava/util/List;");
    let dex = Dex::new()
        .class(Class::new("com.alipay.sdk.app.PayTask").method(read(&cell)))
        .class(Class::new("com.alipay.apmobilesecuritysdk.face.APSecuritySdk").method(read(&apps)));
    let folder = tempfile::tempdir().expect("temporary folder");
    ApkBuilder::new("dev.host.app")
        .uses_permission("android.permission.ACCESS_FINE_LOCATION")
        .target_sdk(28)
        .dex(&dex)
        .write(folder.path(), "app.apk");
    let policy = "Third-party SDK list\n\nSDK name: Alipay\nPackage name: com.alipay.sdk\nDeveloper: Alipay\nPurpose: payment\n\
                  Information collected: OAID\nPermissions: None\nPrivacy policy: https://www.alipay.com/privacy/policy\n";
    fs::write(folder.path().join("policy.txt"), policy).expect("policy");
    let (apk, policy) = (folder.path().join("app.apk"), folder.path().join("policy.txt"));
    let arguments = ["audit", apk.to_str().expect("UTF-8"), "-d", policy.to_str().expect("UTF-8")];
    let reports = Reports::of(&arguments, &["html", "json"], 1);
    let (html, json) = (reports.text("html"), reports.json("json"));
    let app = &json["apps"][0];
    let findings = app["findings"].as_array().expect("findings");
    let undeclared: Vec<&str> = findings
        .iter()
        .filter(|one| one["rule"] == "undeclared-data-type")
        .filter_map(|one| one["subject"].as_str())
        .collect();
    let matrix = html.split("<table class=\"matrix\">").nth(1).and_then(|rest| rest.split("</table>").next());
    let matrix = matrix.expect("the matrix");
    let types: Vec<&str> =
        matrix.split("<th class=\"column\" title=\"").skip(1).filter_map(|one| one.split('"').next()).collect();
    assert_eq!(undeclared, ["alipay.sdk/cell_tower", "alipay.sdk/installed_apps"]);
    for subject in undeclared {
        let (id, data_type) = subject.split_once('/').expect("sdk/type");
        let sdk = app["sdks"].as_array().expect("sdks").iter().find(|sdk| sdk["id"] == id).expect("the SDK");
        let name = sdk["name"]["en"].as_str().expect("name");
        let column = types.iter().position(|one| *one == data_type).expect("a column");
        let row = matrix.split("<tr>").find(|row| row.contains(&format!(">{name}<"))).expect("a row");
        let (class, shown) = matrix_cells(row)[column];
        let brought = if data_type == "installed_apps" { "1+ !" } else { "1 !" };
        assert!(class == "firm" && shown.starts_with(brought), "{subject}: {row}");
    }
}

#[test]
fn annotations_end_where_we_end_them() {
    let sample = Reports::sample("en");
    let findings = sample.json("json")["apps"][0]["findings"].as_array().expect("findings").len();
    let text = sample.text("github");
    assert_eq!(text.lines().count(), findings);
    assert!(text.contains("::warning file=samples/meterpay-policy.md,line=47,col=18,title=package-case::"), "{text}");
    let (hostile, _) = hostile_report("github");
    for line in hostile.lines() {
        let command = line.strip_prefix("::").expect("a command");
        let (properties, message) = command.split_once("::").expect("properties and message");
        assert!(properties.starts_with(['e', 'w', 'n']) && message.len() > 3, "{line}");
        let keys =
            properties.split_once(' ').expect("properties").1.split(',').map(|one| one.split_once('=').expect("=").0);
        assert!(keys.clone().all(|key| ["file", "line", "col", "title"].contains(&key)), "{line}");
        assert!(properties.contains("file=policy '<b>&%2C 1%3A2%25.json,"), "{line}");
    }
    assert!(hostile.lines().count() > 5 && hostile.contains("%0A"));
}

#[test]
fn csv_rows_are_sdks_and_no_cell_is_a_formula() {
    let text = Reports::sample("en").text("csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("row")).collect();
    let at = |row: &csv::StringRecord, name: &str| {
        row.get(headers.iter().position(|one| one == name).expect("column")).expect("cell").to_owned()
    };
    let bugly = rows.iter().find(|row| at(row, "sdk_id") == "tencent.bugly").expect("Bugly");
    assert_eq!(
        (at(bugly, "declared"), at(bugly, "presence"), at(bugly, "tracker")),
        ("false".into(), "present".into(), "true".into())
    );
    let folder = tempfile::tempdir().expect("temporary folder");
    let app = support::ApkBuilder::new("dev.x").version_name("=1+1").dex(&support::Dex::new().classes(&["okhttp3.A"]));
    let path = app.write(folder.path(), "x.apk");
    let output = program().arg("inspect").arg(path).args(["-f", "csv"]).output().expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains(",'=1+1,") && !text.contains(",=1+1"), "{text}");
}

#[test]
fn the_page_holds_no_markup_but_ours() {
    let (page, _) = hostile_report("html");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    for wrong in ["<img", "onerror=pwned()>", "<b>&,", "<i>x", "javascript:alert(1))\"", "\u{202e}", "\u{2066}"] {
        let escaped = wrong == "onerror=pwned()>";
        assert!(!page.contains(wrong) || escaped && !page.contains("<img src=x onerror"), "{wrong}");
    }
    let shown = page.matches("&lt;script&gt;window.pwned = 1&lt;/script&gt;").count();
    assert!(shown >= 3, "the names of app, SDK and data are shown: {shown}");
    // Nothing is fetched: no element that loads, and every address is a link to follow.
    for loads in ["<link", "<iframe", "<object", "<embed", "src=\"", "url(", "@import", "<form", "<base"] {
        assert!(!page.contains(loads), "{loads}");
    }
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe-inline") && !page.contains(" style=\""));
}

#[test]
fn the_page_has_both_languages_and_every_finding() {
    let en = Reports::sample("en");
    let page = en.text("html");
    assert!(page.contains("<html lang=\"en\" data-lang=\"en\">"));
    for finding in en.json("json")["apps"][0]["findings"].as_array().expect("findings") {
        let message = finding["message"].as_str().expect("message");
        let escaped = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        assert!(page.contains(&escaped), "{message}");
    }
    assert!(page.contains("检测到 腾讯Bugly SDK") && page.contains("覆盖范围与局限"));
    assert!(Reports::sample("zh").text("html").contains("<html lang=\"zh-CN\" data-lang=\"zh\">"));
    let lint = Reports::of(&["lint", "samples/meterpay-policy.md", "--exit-zero"], &["html"], 0).text("html");
    assert!(lint.contains("The declared list") && lint.contains("rule-package-case"));
    let inspect = Reports::of(&["inspect", "samples/meterpay.apk"], &["html"], 0).text("html");
    assert!(inspect.contains("Inspected") && !inspect.contains("present, not declared"));
}

#[test]
fn waived_findings_are_marked_and_do_not_count() {
    let arguments = [
        "audit",
        "samples/meterpay.apk",
        "-d",
        "samples/meterpay-policy.md",
        "--waivers",
        "tests/fixtures/waivers.toml",
    ];
    let reports = Reports::of(&arguments, &FORMATS, 1);
    let (log, json) = (reports.json("sarif"), reports.json("json"));
    assert_eq!(problems(&sarif_validator(), &log), [""; 0]);
    let waived: Vec<&Value> = results(&log).iter().filter(|one| one["suppressions"] != serde_json::json!([])).collect();
    assert_eq!(waived.len() as u64, json["summary"]["findings"]["waived"].as_u64().expect("waived"));
    assert_eq!(waived[0]["properties"]["subject"], "amap.location");
    assert_eq!(waived[0]["suppressions"][0]["justification"], "the outlet map goes with 4.3");
    assert_eq!(waived[0]["suppressions"][0]["properties"]["expires"], "2027-03-31");
    let junit = Junit::deserialize_from_str(&reports.text("junit")).expect("JUnit");
    assert_eq!(junit.failures as u64, json["summary"]["findings"]["error"].as_u64().expect("errors"));
    let skipped = |case: &&quick_junit::TestCase| matches!(case.status, TestCaseStatus::Skipped { .. });
    assert_eq!(junit.test_suites[0].test_cases.iter().filter(skipped).count(), waived.len());
    let findings = json["apps"][0]["findings"].as_array().expect("findings").len();
    assert_eq!(reports.text("github").lines().count(), findings - waived.len());
    for format in ["markdown", "html"] {
        assert!(
            reports.text(format).contains("the outlet map goes with 4.3 (mobile team, until 2027-03-31)"),
            "{format}"
        );
    }
}

/// Writes the pages that tests/browser/run looks at.
#[test]
fn pages_for_the_browser() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&folder).expect("folder");
    let sample = Reports::sample("en");
    fs::write(folder.join("sample.html"), sample.text("html")).expect("page");
    let arguments = [
        "audit",
        "samples/meterpay.apk",
        "-d",
        "samples/meterpay-policy.md",
        "--waivers",
        "tests/fixtures/waivers.toml",
    ];
    fs::write(folder.join("waived.html"), Reports::of(&arguments, &["html"], 1).text("html")).expect("page");
    fs::write(folder.join("sample.json"), sample.text("json")).expect("facts");
    fs::write(folder.join("hostile.html"), hostile_report("html").0).expect("page");
    let lint = Reports::of(&["lint", "samples/meterpay-policy.md", "--exit-zero"], &["html"], 0);
    fs::write(folder.join("lint.html"), lint.text("html")).expect("page");
}
