//! Apps inside the app: each with an inventory of its own, of which nothing counts for the app around it.

use super::{Detection, Inventory};
use crate::app::App;
use crate::signatures::SignatureSet;

/// An app that lies inside another one.
#[derive(Clone, Debug)]
pub struct NestedApp<'s> {
    /// Where it lies: `assets/plugin.apk`, for one inside that `assets/plugin.apk!assets/inner.apk`.
    pub path: String,
    /// Its application id.
    pub application_id: String,
    /// `versionName`.
    pub version_name: Option<String>,
    /// `versionCode`.
    pub version_code: Option<u64>,
    /// Dex files read, and found.
    pub dex: (usize, usize),
    /// Class definitions.
    pub classes: u32,
    /// SDKs by id.
    pub detections: Vec<Detection<'s>>,
}

/// The apps inside an app, by path.
pub fn of<'s>(app: &App, set: &'s SignatureSet) -> Vec<NestedApp<'s>> {
    let nested = |inner: &App| NestedApp {
        path: inner.source.path.clone(),
        application_id: inner.manifest.application_id.clone(),
        version_name: inner.manifest.version_name.clone(),
        version_code: inner.manifest.version_code,
        dex: (inner.classes.dex_read, inner.classes.dex_total),
        classes: inner.classes.defined,
        detections: Inventory::of(inner, set).detections,
    };
    app.nested.iter().map(nested).collect()
}
