//! The builder that puts the parts into one archive.

use super::axml::{self, Attribute, Element, Layout};
use super::component::{Component, meta_data};
use super::dex::Dex;
use super::elf::SharedObject;
use super::res::{Encoding, Value};
use super::zipfile::{Entry, STORED, Zip};
use std::path::{Path, PathBuf};

/// What stands as `AndroidManifest.xml`.
#[derive(Clone, Debug)]
enum Manifest {
    Binary(Layout),
    Text,
    Bytes(Vec<u8>),
    Missing,
}

/// Any APK. Only what is asked for is written: without [`version_code`](Self::version_code) the attribute is absent.
#[derive(Clone, Debug)]
pub struct ApkBuilder {
    root: Element,
    uses_sdk: Element,
    elements: Vec<Element>,
    queries: Element,
    application: Element,
    manifest: Manifest,
    resources: Option<Vec<u8>>,
    dex_files: usize,
    entries: Vec<Entry>,
    stored: Vec<String>,
    order: Vec<String>,
}

impl ApkBuilder {
    /// An app with nothing but an application id and an empty `<application>`.
    pub fn new(application_id: &str) -> ApkBuilder {
        ApkBuilder {
            root: Element::new("manifest").plain("package", application_id),
            uses_sdk: Element::new("uses-sdk"),
            elements: vec![],
            queries: Element::new("queries"),
            application: Element::new("application"),
            manifest: Manifest::Binary(Layout::default()),
            resources: None,
            dex_files: 0,
            entries: vec![],
            stored: vec![],
            order: vec![],
        }
    }

    /// A number, or a reference into `resources.arsc`.
    pub fn version_code(self, value: impl Into<Value>) -> ApkBuilder {
        self.manifest_attribute(Attribute::android("versionCode", value))
    }

    /// A text, or a reference into `resources.arsc`.
    pub fn version_name(self, value: impl Into<Value>) -> ApkBuilder {
        self.manifest_attribute(Attribute::android("versionName", value))
    }

    /// An API level, a code name, or a reference.
    pub fn min_sdk(mut self, value: impl Into<Value>) -> ApkBuilder {
        self.uses_sdk = self.uses_sdk.android("minSdkVersion", value);
        self
    }

    /// An API level, a code name, or a reference.
    pub fn target_sdk(mut self, value: impl Into<Value>) -> ApkBuilder {
        self.uses_sdk = self.uses_sdk.android("targetSdkVersion", value);
        self
    }

    /// Adds an attribute to `<manifest>`.
    pub fn manifest_attribute(mut self, attribute: Attribute) -> ApkBuilder {
        self.root = self.root.attribute(attribute);
        self
    }

    /// Adds an attribute to `<application>`, such as `label` or `debuggable`.
    pub fn application_attribute(mut self, attribute: Attribute) -> ApkBuilder {
        self.application = self.application.attribute(attribute);
        self
    }

    /// `<uses-permission>`
    pub fn uses_permission(self, name: &str) -> ApkBuilder {
        self.element(Element::new("uses-permission").android("name", name))
    }

    /// `<uses-permission>` with `maxSdkVersion`.
    pub fn uses_permission_max(self, name: &str, max_sdk: i32) -> ApkBuilder {
        self.element(Element::new("uses-permission").android("name", name).android("maxSdkVersion", max_sdk))
    }

    /// `<uses-permission-sdk-23>`
    pub fn uses_permission_sdk_23(self, name: &str) -> ApkBuilder {
        self.element(Element::new("uses-permission-sdk-23").android("name", name))
    }

    /// `<permission>`; the level is 0 normal, 1 dangerous, 2 signature, plus flags.
    pub fn defines_permission(self, name: &str, protection_level: u32) -> ApkBuilder {
        let element = Element::new("permission").android("name", name);
        self.element(element.android("protectionLevel", Value::Hex(protection_level)))
    }

    /// `<uses-feature>`
    pub fn uses_feature(self, name: &str, required: bool) -> ApkBuilder {
        self.element(Element::new("uses-feature").android("name", name).android("required", required))
    }

    /// `<package>` inside `<queries>`.
    pub fn queries_package(mut self, name: &str) -> ApkBuilder {
        self.queries = self.queries.child(Element::new("package").android("name", name));
        self
    }

    /// `<intent>` with one action inside `<queries>`.
    pub fn queries_intent(mut self, action: &str) -> ApkBuilder {
        let action = Element::new("action").android("name", action);
        self.queries = self.queries.child(Element::new("intent").child(action));
        self
    }

    /// `<provider>` inside `<queries>`.
    pub fn queries_provider(mut self, authorities: &str) -> ApkBuilder {
        self.queries = self.queries.child(Element::new("provider").android("authorities", authorities));
        self
    }

    pub fn component(self, component: Component) -> ApkBuilder {
        self.application_element(component.into_element())
    }

    /// `<meta-data>` of the application with `android:value`: text, number, flag or reference.
    pub fn meta_data(self, name: &str, value: impl Into<Value>) -> ApkBuilder {
        self.application_element(meta_data(name, value))
    }

    /// `<meta-data>` of the application with `android:resource`.
    pub fn meta_data_resource(self, name: &str, id: u32) -> ApkBuilder {
        let element = Element::new("meta-data").android("name", name);
        self.application_element(element.android("resource", Value::Reference(id)))
    }

    /// Adds any element below `<manifest>`.
    pub fn element(mut self, element: Element) -> ApkBuilder {
        self.elements.push(element);
        self
    }

    /// Adds any element below `<application>`.
    pub fn application_element(mut self, element: Element) -> ApkBuilder {
        self.application = self.application.child(element);
        self
    }

    /// String pool encoding of the binary manifest; UTF-16 unless said.
    pub fn manifest_encoding(self, encoding: Encoding) -> ApkBuilder {
        self.manifest_layout(Layout { encoding, ..Layout::default() })
    }

    /// How the binary manifest is written, with its traps.
    pub fn manifest_layout(mut self, layout: Layout) -> ApkBuilder {
        self.manifest = Manifest::Binary(layout);
        self
    }

    /// Writes the manifest as text XML.
    pub fn text_manifest(mut self) -> ApkBuilder {
        self.manifest = Manifest::Text;
        self
    }

    /// Writes these bytes as the manifest.
    pub fn manifest_bytes(mut self, bytes: impl Into<Vec<u8>>) -> ApkBuilder {
        self.manifest = Manifest::Bytes(bytes.into());
        self
    }

    /// Leaves the manifest out.
    pub fn no_manifest(mut self) -> ApkBuilder {
        self.manifest = Manifest::Missing;
        self
    }

    /// `resources.arsc`, from [`Arsc::build`](super::Arsc::build).
    pub fn resources(mut self, table: impl Into<Vec<u8>>) -> ApkBuilder {
        self.resources = Some(table.into());
        self
    }

    /// Adds `classes.dex`, `classes2.dex`, … in turn.
    pub fn dex(self, dex: &Dex) -> ApkBuilder {
        self.dex_bytes(dex.build())
    }

    /// Adds the next dex file from bytes.
    pub fn dex_bytes(mut self, bytes: impl Into<Vec<u8>>) -> ApkBuilder {
        self.dex_files += 1;
        let number = if self.dex_files == 1 { String::new() } else { self.dex_files.to_string() };
        self.file(&format!("classes{number}.dex"), bytes)
    }

    /// Adds `lib/<abi>/<file>` whose soname is the file's name.
    pub fn native_lib(self, abi: &str, file: &str) -> ApkBuilder {
        self.native_object(abi, file, &SharedObject::new(abi).soname(file))
    }

    /// Adds `lib/<abi>/<file>`.
    pub fn native_object(self, abi: &str, file: &str, object: &SharedObject) -> ApkBuilder {
        self.file(&format!("lib/{abi}/{file}"), object.build())
    }

    /// Adds `assets/<path>`.
    pub fn asset(self, path: &str, bytes: impl Into<Vec<u8>>) -> ApkBuilder {
        self.file(&format!("assets/{path}"), bytes)
    }

    /// Adds `META-INF/<path>`.
    pub fn meta_inf(self, path: &str, bytes: impl Into<Vec<u8>>) -> ApkBuilder {
        self.file(&format!("META-INF/{path}"), bytes)
    }

    /// Adds a deflated entry.
    pub fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> ApkBuilder {
        self.entry(Entry::new(path, bytes))
    }

    /// Adds an entry of which every header field can be set.
    pub fn entry(mut self, entry: Entry) -> ApkBuilder {
        self.entries.push(entry);
        self
    }

    /// Stores the entry instead of deflating it, aligned to four bytes.
    pub fn store(mut self, path: &str) -> ApkBuilder {
        self.stored.push(path.into());
        self
    }

    /// Puts these entries first, in this order; the others follow as they were added.
    pub fn order(mut self, paths: &[&str]) -> ApkBuilder {
        self.order = paths.iter().map(|path| (*path).to_owned()).collect();
        self
    }

    /// The manifest's tree.
    pub fn manifest_tree(&self) -> Element {
        let mut root = self.root.clone();
        if !self.uses_sdk.attributes.is_empty() {
            root = root.child(self.uses_sdk.clone());
        }
        root.children.extend(self.elements.iter().cloned());
        if !self.queries.children.is_empty() {
            root = root.child(self.queries.clone());
        }
        root.child(self.application.clone())
    }

    /// The manifest's bytes, to spoil them and hand them to [`manifest_bytes`](Self::manifest_bytes). Empty when left out.
    pub fn manifest(&self) -> Vec<u8> {
        match &self.manifest {
            Manifest::Binary(layout) => axml::write(&self.manifest_tree(), layout),
            Manifest::Text => axml::to_text(&self.manifest_tree()).into_bytes(),
            Manifest::Bytes(bytes) => bytes.clone(),
            Manifest::Missing => vec![],
        }
    }

    /// The archive before it is written, to make its headers lie.
    pub fn zip(&self) -> Zip {
        let mut zip = Zip::new();
        if !matches!(self.manifest, Manifest::Missing) {
            zip = zip.file("AndroidManifest.xml", self.manifest());
        }
        if let Some(table) = &self.resources {
            zip = zip.file("resources.arsc", table.clone());
        }
        zip.entries.extend(self.entries.iter().cloned());
        for path in &self.stored {
            let entry = zip.entry_mut(path);
            (entry.method, entry.align) = (STORED, 4);
        }
        let rank = |entry: &Entry| self.order.iter().position(|path| path.as_bytes() == entry.name);
        zip.entries.sort_by_key(|entry| rank(entry).unwrap_or(usize::MAX));
        zip
    }

    /// The bytes of the APK.
    pub fn build(&self) -> Vec<u8> {
        self.zip().build()
    }

    /// Writes the APK into a folder and returns its path.
    pub fn write(&self, dir: impl AsRef<Path>, name: &str) -> PathBuf {
        let path = dir.as_ref().join(name);
        std::fs::write(&path, self.build()).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        path
    }
}
