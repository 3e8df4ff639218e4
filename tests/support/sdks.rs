//! Invented signatures: rules are tested against vendors that do not exist, so that no test moves when real ones change.

use sdkaudit::signatures::SignatureSet;
use serde_json::{Value, json};

/// One signature file to be.
#[derive(Clone, Debug)]
pub struct Sig {
    id: String,
    json: Value,
}

impl Sig {
    /// `<vendor>.<sdk>` with its English name (the Chinese one is the same with 平台 behind it) and main category.
    pub fn new(id: &str, name: &str, category: &str) -> Sig {
        let vendor = id.split('.').next().unwrap_or_default();
        let vendor = format!("{}{} Ltd.", vendor[..1].to_uppercase(), &vendor[1..]);
        let json = json!({
            "id": id,
            "name": { "en": name, "zh": format!("{name}平台") },
            "vendor": { "en": vendor, "zh": vendor },
            "categories": [category],
            "tracker": false,
            "detect": {},
            "examples": { "hit": [], "miss": ["com.nobody.at.All"] },
            "sources": [{ "url": "https://signatures.invalid/", "date": "2026-11-22", "kind": "vendor-page" }],
        });
        Sig { id: id.into(), json }
    }

    /// Prefixes that identify it.
    pub fn packages(self, prefixes: &[&str]) -> Sig {
        let hits: Vec<String> = prefixes.iter().map(|prefix| format!("{prefix}.Example")).collect();
        self.detect("packages", prefixes).hits(&hits)
    }

    /// Any list below `detect`.
    pub fn detect(mut self, kind: &str, values: &[&str]) -> Sig {
        self.json["detect"][kind] = json!(values);
        self
    }

    /// Native libraries, whose names serve as examples too.
    pub fn libraries(self, names: &[&str]) -> Sig {
        let hits: Vec<String> = names.iter().map(|name| format!("library:{name}")).collect();
        self.detect("native_libs", names).hits(&hits)
    }

    pub fn aliases(mut self, names: &[&str]) -> Sig {
        self.json["aliases"] = json!(names);
        self
    }

    pub fn part_of(mut self, line: &str) -> Sig {
        self.json["part_of"] = json!(line);
        self
    }

    /// Hosts whose links point to it.
    pub fn hosts(mut self, hosts: &[&str]) -> Sig {
        self.json["links"] = json!({ "hosts": hosts });
        self
    }

    /// Adds categories behind the main one.
    pub fn also(mut self, category: &str) -> Sig {
        if let Some(list) = self.json["categories"].as_array_mut() {
            list.push(json!(category));
        }
        self
    }

    fn hits(mut self, examples: &[String]) -> Sig {
        if let Some(list) = self.json["examples"]["hit"].as_array_mut() {
            list.extend(examples.iter().map(|example| json!(example)));
        }
        self
    }

    fn file(&self) -> (String, String) {
        (format!("{}.json", self.id.replacen('.', "/", 1)), format!("{:#}", self.json))
    }
}

/// Compiles signatures; panics with all problems when they do not hold together.
pub fn set(signatures: &[Sig]) -> SignatureSet {
    let files: Vec<(String, String)> = signatures.iter().map(Sig::file).collect();
    SignatureSet::from_files(&files).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("invented signatures: {}", lines.join("\n"))
    })
}

/// The world of most tests: an advertiser with a core of its own, a push vendor that brings the same core, an analytics SDK in a
/// product line, a chat SDK with an entry activity in the host's package, a plain library, a packer.
pub fn world() -> SignatureSet {
    set(&world_signatures())
}

/// The signatures of [`world`], to add some.
pub fn world_signatures() -> Vec<Sig> {
    let finch_entry = "${applicationId}.finchapi.FinchEntryActivity";
    vec![
        Sig::new("lumen.ads", "Lumen Ads", "advertising")
            .packages(&["com.lumen.ads"])
            .detect("companions", &["com.lumen.core", "com.lumen.shared"])
            .detect("meta_data", &["LUMEN_APP_KEY", "LUMEN_CHANNEL_*"])
            .detect("assets", &["assets/lumen/*.json"])
            .detect("version", &["META-INF/com.lumen_ads.version", "com.lumen.ads.BuildConfig#VERSION_NAME"])
            .libraries(&["liblumenads.so", "liblumencodec-*.so"])
            .hosts(&["lumen.invalid"]),
        Sig::new("lumen.core", "Lumen Core", "identification").packages(&["com.lumen.core"]),
        Sig::new("polar.push", "Polar Push", "push")
            .packages(&["com.polar", "org.polarpush"])
            .detect("companions", &["com.lumen.core"])
            .detect("permissions", &["polar.permission.PolarService.${applicationId}"])
            .detect("weak_native_libs", &["libmain.so"])
            .aliases(&["PolarPush SDK"])
            .hosts(&["polar.invalid"]),
        Sig::new("polar.map", "Polar Map", "map").packages(&["com.polar.map"]),
        Sig::new("polarglow.ui", "Polarglow", "ui").packages(&["com.polarglow"]),
        Sig::new("acme.suite", "Acme Suite", "framework").packages(&["com.acme.suite"]).hosts(&["acme.invalid"]),
        Sig::new("acme.metrics", "Acme Metrics", "analytics").packages(&["com.acme.metrics"]).part_of("acme.suite"),
        Sig::new("acme.crash", "Acme Crash", "crash-reporting").packages(&["com.acme.crash"]).part_of("acme.suite"),
        Sig::new("finch.chat", "Finch Chat", "login").packages(&["im.finch.sdk"]).detect("components", &[finch_entry]),
        Sig::new("quill.json", "Quill JSON", "serialization").packages(&["org.quill"]),
        Sig::new("nordic.shell", "Nordic Shell", "packer").packages(&["com.nordic.shell"]).libraries(&["libnshell.so"]),
    ]
}
