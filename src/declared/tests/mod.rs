//! Tests of whole documents, all invented.

mod containers;
mod html;
mod joined;
mod json;
mod layouts;
mod lists;
mod named;
mod resolution;
mod tables;
mod traps;

use super::{Declaration, DeclaredSdk, Field, Located, read};
use crate::signatures::SignatureSet;

/// A few invented SDKs that stand to each other as real ones do.
pub(super) fn set() -> SignatureSet {
    let sdk = |id: &str, en: &str, zh: &str, vendor: [&str; 2], category: &str, rest: &str| {
        let text = format!(
            r#"{{"id":"{id}","name":{{"en":"{en}","zh":"{zh}"}},"vendor":{{"en":"{}","zh":"{}"}},"categories":["{category}"],"tracker":false,{rest},
            "sources":[{{"url":"https://example.com/","date":"2026-01-01","kind":"vendor-page"}}]}}"#,
            vendor[0], vendor[1]
        );
        (format!("{}.json", id.replacen('.', "/", 1)), text)
    };
    let acme = ["Acme Software Inc.", "顶点软件有限公司"];
    let lumen = ["Lumen Interactive", "流明互动科技有限公司"];
    let hit = |class: &str| format!(r#""examples":{{"hit":["{class}"],"miss":["zz.Z"]}}"#);
    let files = [
        sdk(
            "acme.services",
            "Acme Services",
            "顶点服务",
            acme,
            "framework",
            &format!(r#""detect":{{"packages":["com.acme.base"]}},{}"#, hit("com.acme.base.A")),
        ),
        sdk(
            "acme.push",
            "Acme Push",
            "顶点推送",
            acme,
            "push",
            &format!(
                r#""aliases":["AcmePush SDK"],"part_of":"acme.services","detect":{{"packages":["com.acme.push"]}},"links":{{"hosts":["push.acme.example"]}},{}"#,
                hit("com.acme.push.A")
            ),
        ),
        sdk(
            "acme.maps",
            "Acme Maps",
            "顶点地图",
            acme,
            "map",
            &format!(
                r#""part_of":"acme.services","detect":{{"packages":["com.acme.maps"]}},{}"#,
                hit("com.acme.maps.A")
            ),
        ),
        sdk(
            "lumen.picture",
            "Picta",
            "Picta",
            lumen,
            "image",
            &format!(
                r#""aliases":["Picta Image Loader"],"detect":{{"packages":["com.lumen.picta"]}},"links":{{"hosts":["lumen.example"]}},{}"#,
                hit("com.lumen.picta.A")
            ),
        ),
        sdk(
            "lumen.ads",
            "Lumen Ads",
            "流明广告",
            lumen,
            "advertising",
            &format!(
                r#""detect":{{"packages":["com.lumen.ads"],"companions":["org.shared.core"]}},{}"#,
                hit("com.lumen.ads.A")
            ),
        ),
        sdk(
            "shared.core",
            "Shared Core",
            "共享内核",
            ["Shared Org", "共享组织"],
            "utility",
            &format!(r#""detect":{{"packages":["org.shared.core"]}},{}"#, hit("org.shared.core.A")),
        ),
        sdk(
            "zeta.chat",
            "ZetaChat Open SDK",
            "泽塔开放平台",
            ["Zeta", "泽塔网络"],
            "login",
            &format!(
                r#""aliases":["泽塔SDK"],"detect":{{"packages":["com.zeta.mm.opensdk"]}},{}"#,
                hit("com.zeta.mm.opensdk.A")
            ),
        ),
    ];
    SignatureSet::from_files(&files).unwrap_or_else(|problems| panic!("{problems:?}"))
}

pub(super) fn read_text(text: &str) -> Declaration {
    read("policy.md", text.as_bytes(), &set()).unwrap()
}

pub(super) fn names(declaration: &Declaration) -> Vec<String> {
    declaration.records.iter().map(DeclaredSdk::title).collect()
}

pub(super) fn given(field: &Field<Located>) -> &str {
    match field {
        Field::Given(located) => &located.text,
        other => panic!("{other:?} is not given"),
    }
}

pub(super) fn all(field: &Field<Vec<Located>>) -> Vec<&str> {
    match field {
        Field::Given(items) => items.iter().map(|item| item.text.as_str()).collect(),
        other => panic!("{other:?} is not given"),
    }
}

pub(super) fn place(located: &Located) -> (u32, u32) {
    (located.at.line, located.at.column)
}
