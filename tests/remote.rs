//! Apps at addresses: the same rows as from files, with fewer bytes. Needs the feature: `cargo test --features remote --test remote`.
#![cfg(feature = "remote")]

#[path = "remote/server.rs"]
mod server;
mod support;

use serde_json::Value;
use server::{Manner, Server};
use sha2::{Digest, Sha256};
use std::fs;
use support::run::program;
use support::zipfile::truncated;
use support::{ApkBuilder, Dex};

/// Bytes that deflate does not make small.
fn noise(length: usize, mut state: u64) -> Vec<u8> {
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// An app of which most need not be read: two dex files and a library among assets. The second dex file is aligned as zipalign does,
/// so that its local header is longer than the directory tells.
fn large() -> Vec<u8> {
    let dex = |name: &str| Dex::new().classes(&[name, "okhttp3.Call", "com.tencent.bugly.crashreport.CrashReport"]);
    let apk = ApkBuilder::new("dev.host.large")
        .target_sdk(34)
        .asset("first", noise(900_000, 1))
        .dex(&dex("dev.host.A"))
        .asset("second", noise(700_000, 2))
        .dex(&dex("dev.host.B"))
        .native_lib("arm64-v8a", "libhost.so")
        .asset("third", noise(800_000, 3))
        .meta_inf("androidx.core_core.version", "1.2.3\n")
        .store("classes2.dex");
    let mut zip = apk.zip();
    zip.entry_mut("classes2.dex").align = 16_384;
    zip.build()
}

fn small() -> Vec<u8> {
    ApkBuilder::new("dev.host.small").target_sdk(34).dex(&Dex::new().classes(&["dev.host.C"])).build()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Rows and what standard error says.
fn ask(requests: &str) -> (Vec<Value>, String) {
    let mut command = program();
    let output = command.args(["worker", "--lang", "en"]).env("SDKAUDIT_ALLOW_HTTP", "true").write_stdin(requests);
    let output = output.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let rows = String::from_utf8(output.stdout).expect("UTF-8");
    let rows = rows.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (rows, String::from_utf8(output.stderr).expect("UTF-8"))
}

/// The row of the same bytes as a file, as if it had stood at the address.
fn local(bytes: &[u8], address: &str) -> Value {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = dir.path().join("a.apk");
    fs::write(&path, bytes).expect("written");
    let path = path.to_str().expect("UTF-8");
    let (rows, _) = ask(path);
    serde_json::from_str(&rows[0].to_string().replace(path, address)).expect("JSON")
}

fn request(address: &str, bytes: &[u8]) -> String {
    format!("{{\"uri\":\"{address}\",\"sha256\":\"{}\",\"size\":{}}}\n", sha256(bytes), bytes.len())
}

#[test]
fn rows_are_those_of_files_with_fewer_bytes() {
    let apps = [large(), small(), truncated(&large(), 1, 2), Vec::new(), b"just text".to_vec()];
    let server = Server::start(apps.to_vec(), Manner::Plain);
    let requests: String = apps.iter().enumerate().map(|(at, app)| request(&server.address(at), app)).collect();
    let (rows, said) = ask(&requests);
    for (at, app) in apps.iter().enumerate() {
        assert_eq!(rows[at], local(app, &server.address(at)), "app {at}");
    }
    assert_eq!(rows[0]["app"]["coverage"]["dex_read"], 2);
    assert!(said.starts_with("fetched ") && said.contains(" of 5 objects in "), "{said}");
    let fetched: Vec<(usize, usize)> = (0..apps.len()).map(|at| (server.sent(at), server.requests(at))).collect();
    assert!(fetched[0].0 < 500_000 && fetched[0].1 <= 4, "of {} bytes: {fetched:?}", apps[0].len());
    assert!(fetched[2].0 >= apps[2].len(), "what is odd is read whole: {fetched:?}");
}

#[test]
fn a_digest_that_nobody_states_takes_every_byte() {
    let app = large();
    let server = Server::start(vec![app.clone()], Manner::Plain);
    let address = server.address(0);
    let (rows, said) = ask(&format!("{address}\n"));
    assert_eq!(rows, [local(&app, &address)]);
    assert!(said.contains("(100 %) of 1 object in 1 requests"), "{said}");
    let wrong = request(&address, b"other bytes").replace(",\"size\":11", "");
    let output = program()
        .args(["worker", "--lang", "en", "--verify"])
        .env("SDKAUDIT_ALLOW_HTTP", "true")
        .write_stdin(wrong)
        .output()
        .expect("the program runs");
    let row: Value = serde_json::from_slice(&output.stdout).expect("a row");
    assert!(row["error"]["message"].as_str().expect("error").contains("not the one in the manifest"), "{row}");
}

#[test]
fn servers_fail_for_a_while() {
    let app = large();
    let server = Server::start(vec![app.clone()], Manner::Busy { times: 2 });
    let address = server.address(0);
    let (rows, _) = ask(&request(&address, &app));
    assert_eq!(rows, [local(&app, &address)]);
}

#[test]
fn servers_without_ranges_send_everything() {
    let app = large();
    let server = Server::start(vec![app.clone()], Manner::NoRanges);
    let address = server.address(0);
    let (rows, _) = ask(&request(&address, &app));
    assert_eq!(rows, [local(&app, &address)]);
}

#[test]
fn what_cannot_be_fetched_is_no_damage_of_the_app() {
    let app = large();
    for manner in [Manner::Missing, Manner::Forbidden, Manner::OnlyTail] {
        let server = Server::start(vec![app.clone()], manner);
        let (rows, _) = ask(&request(&server.address(0), &app));
        assert_eq!((rows[0]["status"].as_str(), rows[0]["app"].is_null()), (Some("error"), true), "{manner:?}");
        let message = rows[0]["error"]["message"].as_str().expect("message");
        let expected = match manner {
            Manner::Missing => "no such file",
            Manner::Forbidden => "permission denied",
            _ => "it cannot be fetched",
        };
        assert!(message.contains(expected), "{manner:?}: {message}");
    }
}

#[test]
fn plain_http_is_refused_unless_allowed() {
    let server = Server::start(vec![small()], Manner::Plain);
    let output = program().args(["inspect", &server.address(0), "--lang", "en"]).output().expect("the program runs");
    assert_eq!((output.status.code(), server.requests(0)), (Some(2), 0));
    let allowed = program().args(["inspect", &server.address(0)]).env("SDKAUDIT_ALLOW_HTTP", "true").output();
    assert_eq!(allowed.expect("the program runs").status.code(), Some(0));
}

#[test]
fn a_batch_goes_on_without_fetching_again() {
    let apps = [large(), small()];
    let server = Server::start(apps.to_vec(), Manner::Plain);
    let dir = tempfile::tempdir().expect("temporary folder");
    let [manifest, rows] = ["list.jsonl", "rows.jsonl"].map(|name| dir.path().join(name));
    let lines: String = apps.iter().enumerate().map(|(at, app)| request(&server.address(at), app)).collect();
    fs::write(&manifest, &lines).expect("written");
    let run = || {
        let mut command = program();
        command.args(["batch", "--lang", "en", "--resume", "-j", "2"]).arg(&manifest).arg("-o").arg(&rows);
        let output = command.env("SDKAUDIT_ALLOW_HTTP", "true").output().expect("the program runs");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert!(run().starts_with("fetched "));
    let (written, requests) = (fs::read(&rows).expect("rows"), server.requests(0));
    let said = run();
    assert!(said.contains("of these, written before") && !said.contains("fetched"), "{said}");
    assert_eq!((fs::read(&rows).expect("rows"), server.requests(0)), (written, requests));
    // Another digest means another file.
    fs::write(&manifest, lines.replace(&sha256(&apps[1]), &sha256(b"else"))).expect("written");
    assert!(run().contains(" of 1 object in "));
}

#[test]
fn policies_stand_at_addresses_too() {
    let policy = b"# SDK list\n\n| SDK | Purpose |\n| --- | --- |\n| OkHttp | network |\n".to_vec();
    let server = Server::start(vec![small(), policy], Manner::Plain);
    let request = format!("{{\"uri\":\"{}\",\"policy\":\"{}\"}}\n", server.address(0), server.address(1));
    let (rows, _) = ask(&request);
    assert_eq!(
        (rows[0]["status"].as_str(), rows[0]["declared"].as_str()),
        (Some("ok"), Some(server.address(1).as_str()))
    );
}
