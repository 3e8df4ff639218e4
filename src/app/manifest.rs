//! Events → [`Manifest`].

use super::xml::{Element, Event, Tally, Value, attr, attribute_name};
use crate::error::Error;
use serde::Serialize;

/// What AndroidManifest.xml says, with references resolved where the app's resources tell them.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The `package` attribute.
    pub application_id: String,
    /// `split`: which part of an app it is the manifest of; `None` for a base or a whole app.
    pub split: Option<String>,
    /// `versionName`.
    pub version_name: Option<String>,
    /// `versionCode`, with `versionCodeMajor` in the upper 32 bits.
    pub version_code: Option<u64>,
    /// `minSdkVersion`.
    pub min_sdk: Option<ApiLevel>,
    /// `targetSdkVersion`.
    pub target_sdk: Option<ApiLevel>,
    /// Class of the `<application>`, where it has its own.
    pub application_class: Option<String>,
    /// `hasCode="false"`: the file is meant to hold no dex file.
    pub without_code: bool,
    /// `<uses-permission>` and `<uses-permission-sdk-23>`, in the manifest's order, duplicates kept.
    pub requested_permissions: Vec<RequestedPermission>,
    /// What the system grants along with the requested ones.
    pub implied_permissions: Vec<ImpliedPermission>,
    /// `<permission>`.
    pub defined_permissions: Vec<DefinedPermission>,
    /// Activities, services, receivers and providers.
    pub components: Vec<Component>,
    /// `<meta-data>` of the application and of components.
    pub meta_data: Vec<MetaData>,
    /// `<queries>`: other apps that this one wants to see.
    pub queries: Vec<Query>,
    /// `<uses-feature>`.
    pub features: Vec<Feature>,
}

/// An API level: a number, or the code name of a preview (`VanillaIceCream`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ApiLevel {
    /// API level.
    Number(u32),
    /// Code name of a preview build.
    CodeName(String),
}

impl ApiLevel {
    /// The level as a number; a preview counts as newer than all numbers, as in aapt.
    pub fn number(&self) -> u32 {
        match self {
            ApiLevel::Number(number) => *number,
            ApiLevel::CodeName(_) => 10_000,
        }
    }
}

/// A requested permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestedPermission {
    /// Full name as written.
    pub name: String,
    /// Last API level at which it is requested.
    pub max_sdk_version: Option<u32>,
    /// Requested from API level 23 on only (`uses-permission-sdk-23`).
    pub sdk_23: bool,
}

/// A permission that comes with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpliedPermission {
    /// Full name.
    pub name: String,
    /// Last API level at which it is implied.
    pub max_sdk_version: Option<u32>,
    /// Why, in aapt's words.
    pub reason: String,
}

/// A permission that the app defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinedPermission {
    /// Full name.
    pub name: String,
    /// `protectionLevel` as the manifest's number (AOSP `PermissionInfo`); 0 is normal.
    pub protection_level: Option<u32>,
}

/// Kind of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ComponentKind {
    /// `<activity>` and `<activity-alias>`.
    Activity,
    /// `<service>`.
    Service,
    /// `<receiver>`.
    Receiver,
    /// `<provider>`.
    Provider,
}

/// A component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Activity, service, receiver or provider.
    pub kind: ComponentKind,
    /// Full class name; of an alias its own name.
    pub class: String,
    /// `exported`, where it is said.
    pub exported: Option<bool>,
    /// `permission` that callers need.
    pub permission: Option<String>,
    /// Authorities of a provider.
    pub authorities: Vec<String>,
    /// Actions of its intent filters, sorted, each once.
    pub actions: Vec<String>,
}

/// A `<meta-data>` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaData {
    /// `name`.
    pub name: String,
    /// `value`, or `@0x…` for a resource that has no text.
    pub value: Option<String>,
    /// Class of the component it belongs to; `None` for the application.
    pub component: Option<String>,
}

/// One line of `<queries>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Query {
    /// `<package>`.
    Package(String),
    /// `<intent>` by its action.
    Intent(String),
    /// `<provider>` by its authorities.
    Provider(String),
}

/// A `<uses-feature>` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Feature name, or `glEsVersion`.
    pub name: String,
    /// Whether the app cannot do without; true where it is not said.
    pub required: bool,
}

/// Depth of the deepest elements that are read: `manifest/application/<component>/intent-filter/action`.
const DEEPEST: usize = 4;

/// Turns resource ids into text.
pub type Resolve<'a> = dyn FnMut(u32) -> Option<String> + 'a;

/// Builds the manifest from its events. `resolve` is asked only for references that matter.
///
/// # Errors
/// When names that are put together, or that references lead to, come to more text than any manifest has.
pub fn build(events: &[Event], resolve: &mut Resolve<'_>) -> Result<Manifest, Error> {
    let (manifest, tally) = (Manifest::default(), Tally::default());
    let mut builder = Builder { manifest, stack: Vec::new(), component: None, resolve, tally };
    for event in events {
        match event {
            Event::Start(element) => {
                builder.start(element);
                builder.tally.check()?;
                builder.stack.push(element.name.clone());
            }
            Event::End => {
                builder.stack.pop();
                if builder.stack.len() <= 2 {
                    builder.component = None;
                }
            }
        }
    }
    let mut manifest = builder.manifest;
    for component in &mut manifest.components {
        component.actions.sort();
        component.actions.dedup();
    }
    manifest.implied_permissions = implied(&manifest);
    Ok(manifest)
}

struct Builder<'a, 'r> {
    manifest: Manifest,
    stack: Vec<String>,
    /// Index of the component that is open.
    component: Option<usize>,
    resolve: &'a mut Resolve<'r>,
    /// Text of the manifest so far. The app's id stands before every short class name, a component's before each of its meta-data.
    tally: Tally,
}

impl Builder<'_, '_> {
    fn start(&mut self, element: &Element) {
        // Nothing below the fifth level is looked at, however deep a hostile manifest goes.
        if self.stack.len() > DEEPEST {
            return;
        }
        let stack = std::mem::take(&mut self.stack);
        let path: Vec<&str> = stack.iter().map(String::as_str).collect();
        self.start_at(&path, element);
        self.stack = stack;
    }

    fn start_at(&mut self, path: &[&str], element: &Element) {
        match (path, element.name.as_str()) {
            ([], "manifest") => self.root(element),
            (["manifest"], "uses-sdk") => {
                self.manifest.min_sdk = self.api_level(element, attr::MIN_SDK_VERSION);
                self.manifest.target_sdk = self.api_level(element, attr::TARGET_SDK_VERSION);
            }
            (["manifest"], "uses-permission") => self.request(element, false),
            (["manifest"], "uses-permission-sdk-23" | "uses-permission-sdk-m") => self.request(element, true),
            (["manifest"], "permission") => {
                if let Some(name) = self.text(element, attr::NAME) {
                    let protection_level = self.number(element, attr::PROTECTION_LEVEL);
                    self.manifest.defined_permissions.push(DefinedPermission { name, protection_level });
                }
            }
            (["manifest"], "uses-feature") => self.feature(element),
            (["manifest", "queries", rest @ ..], name) => self.query(rest, name, element),
            (["manifest"], "application") => {
                self.manifest.without_code = matches!(value(element, attr::HAS_CODE), Some(Value::Bool(false)));
                self.manifest.application_class = self.text(element, attr::NAME).map(|name| self.class(&name));
            }
            (["manifest", "application"], "meta-data") => self.meta_data(element, None),
            (["manifest", "application"], name) => self.component(name, element),
            (["manifest", "application", _], "meta-data") => {
                self.meta_data(element, self.component.map(|at| self.manifest.components[at].class.clone()));
            }
            (["manifest", "application", _, "intent-filter"], "action") => {
                if let (Some(at), Some(action)) = (self.component, self.text(element, attr::NAME)) {
                    self.manifest.components[at].actions.push(action);
                }
            }
            _ => {}
        }
    }

    fn root(&mut self, element: &Element) {
        let plain = |name: &str| {
            let found =
                element.attributes.iter().find(|attribute| attribute.name == name && attribute.resource_id.is_none());
            match found.map(|attribute| &attribute.value) {
                Some(Value::String(text)) => Some(text.clone()),
                _ => None,
            }
        };
        self.manifest.application_id = plain("package").unwrap_or_default();
        self.manifest.split = plain("split").filter(|name| !name.is_empty());
        self.manifest.version_name = self.text(element, attr::VERSION_NAME);
        let major = self.number(element, attr::VERSION_CODE_MAJOR).unwrap_or(0);
        let minor = self.number(element, attr::VERSION_CODE);
        self.manifest.version_code = minor.map(|minor| u64::from(major) << 32 | u64::from(minor));
    }

    fn request(&mut self, element: &Element, sdk_23: bool) {
        if let Some(name) = self.text(element, attr::NAME) {
            let max_sdk_version = self.number(element, attr::MAX_SDK_VERSION);
            self.manifest.requested_permissions.push(RequestedPermission { name, max_sdk_version, sdk_23 });
        }
    }

    fn feature(&mut self, element: &Element) {
        let name = self.text(element, attr::NAME).or_else(|| {
            let version = self.number(element, attr::GL_ES_VERSION)?;
            Some(format!("glEsVersion {}.{}", version >> 16, version & 0xffff))
        });
        if let Some(name) = name {
            let required = !matches!(value(element, attr::REQUIRED), Some(Value::Bool(false)));
            self.manifest.features.push(Feature { name, required });
        }
    }

    fn query(&mut self, inside: &[&str], name: &str, element: &Element) {
        let query = match (inside, name) {
            ([], "package") => self.text(element, attr::NAME).map(Query::Package),
            ([], "provider") => self.text(element, attr::AUTHORITIES).map(Query::Provider),
            (["intent"], "action") => self.text(element, attr::NAME).map(Query::Intent),
            _ => None,
        };
        self.manifest.queries.extend(query);
    }

    fn component(&mut self, name: &str, element: &Element) {
        let kind = match name {
            "activity" | "activity-alias" => ComponentKind::Activity,
            "service" => ComponentKind::Service,
            "receiver" => ComponentKind::Receiver,
            "provider" => ComponentKind::Provider,
            _ => return,
        };
        let Some(class) = self.text(element, attr::NAME) else { return };
        let authorities = self.text(element, attr::AUTHORITIES).unwrap_or_default();
        self.tally.text(32 * authorities.matches(';').count()); // Each becomes a text of its own.
        let exported = match value(element, attr::EXPORTED) {
            Some(Value::Bool(exported)) => Some(*exported),
            _ => None,
        };
        let permission = self.text(element, attr::PERMISSION);
        self.component = Some(self.manifest.components.len());
        self.manifest.components.push(Component {
            kind,
            class: self.class(&class),
            exported,
            permission,
            authorities: authorities.split(';').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            actions: Vec::new(),
        });
    }

    fn meta_data(&mut self, element: &Element, component: Option<String>) {
        self.tally.text(component.as_ref().map_or(0, String::len));
        let Some(name) = self.text(element, attr::NAME) else { return };
        let value = self.text(element, attr::VALUE).or_else(|| match value(element, attr::RESOURCE)? {
            Value::Reference(id) => Some(format!("@{id:#x}")),
            _ => self.text(element, attr::RESOURCE),
        });
        self.manifest.meta_data.push(MetaData { name, value, component });
    }

    /// `.Main` and `Main` stand for classes in the app's package.
    fn class(&self, name: &str) -> String {
        let class = match name.find('.') {
            Some(0) => format!("{}{name}", self.manifest.application_id),
            None => format!("{}.{name}", self.manifest.application_id),
            Some(_) => name.to_owned(),
        };
        self.tally.text(class.len());
        class
    }

    fn text(&mut self, element: &Element, id: u32) -> Option<String> {
        let text = match value(element, id)? {
            Value::String(text) => Some(text.clone()),
            Value::Reference(0) => None,
            Value::Reference(id) => Some((self.resolve)(*id).unwrap_or_else(|| format!("@{id:#x}"))),
            Value::Int(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Other(0x04, bits) => Some(f32::from_bits(*bits).to_string()),
            Value::Other(_, data) => Some(format!("{data:#x}")),
        };
        self.tally.text(text.as_ref().map_or(0, String::len));
        text
    }

    fn number(&mut self, element: &Element, id: u32) -> Option<u32> {
        match value(element, id)? {
            Value::Int(number) => Some(*number as u32),
            Value::Reference(id) => (self.resolve)(*id)?.parse().ok(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn api_level(&mut self, element: &Element, id: u32) -> Option<ApiLevel> {
        let text = self.text(element, id)?;
        Some(text.trim().parse().map_or(ApiLevel::CodeName(text), ApiLevel::Number))
    }
}

/// The value of a framework attribute. The resource id decides; the name serves only where the attribute has none, because
/// hostile manifests carry empty or false names over the right id.
fn value(element: &Element, id: u32) -> Option<&Value> {
    let by_id = element.attributes.iter().find(|attribute| attribute.resource_id == Some(id));
    let by_name = || {
        let name = attribute_name(id)?;
        element.attributes.iter().find(|attribute| attribute.resource_id.is_none() && attribute.name == name)
    };
    by_id.or_else(by_name).map(|attribute| &attribute.value)
}

/// aapt's rules (AOSP frameworks/base tools/aapt/Command.cpp): what old or broad requests bring with them.
pub(super) fn implied(manifest: &Manifest) -> Vec<ImpliedPermission> {
    const WRITE: &str = "WRITE_EXTERNAL_STORAGE";
    const READ: &str = "READ_EXTERNAL_STORAGE";
    let min = manifest.min_sdk.as_ref().map_or(0, ApiLevel::number);
    let target = manifest.target_sdk.as_ref().map_or(min, ApiLevel::number);
    let requested = |short: &str| {
        let named = |permission: &&RequestedPermission| {
            !permission.sdk_23 && permission.name.strip_prefix("android.permission.") == Some(short)
        };
        manifest.requested_permissions.iter().find(named)
    };
    let mut implied = Vec::new();
    let mut add = |short: &str, max_sdk_version: Option<u32>, reason: &str| {
        let name = format!("android.permission.{short}");
        implied.push(ImpliedPermission { name, max_sdk_version, reason: reason.to_owned() });
    };
    let mut write_limit = requested(WRITE).map(|write| write.max_sdk_version);
    if target < 4 {
        if write_limit.is_none() {
            add(WRITE, None, "targetSdkVersion < 4");
            write_limit = Some(None);
        }
        if requested("READ_PHONE_STATE").is_none() {
            add("READ_PHONE_STATE", None, "targetSdkVersion < 4");
        }
    }
    if let (Some(limit), None) = (write_limit, requested(READ)) {
        add(READ, limit, "requested WRITE_EXTERNAL_STORAGE");
    }
    if target < 16 {
        for (contacts, calls) in [("READ_CONTACTS", "READ_CALL_LOG"), ("WRITE_CONTACTS", "WRITE_CALL_LOG")] {
            if requested(contacts).is_some() && requested(calls).is_none() {
                add(calls, None, &format!("targetSdkVersion < 16 and requested {contacts}"));
            }
        }
    }
    implied
}
