//! Does this mobile app carry only what it declares?
//!
//! `sdkaudit` reads an Android app and the privacy policy that speaks of it, and reports every difference with evidence on both
//! sides. The parts, in the order in which data flows (each uses only what stands before it):
//!
//! | module | answers |
//! | --- | --- |
//! | [`app`] | what one app holds, and what of it could not be read |
//! | [`platform`] | what the operating systems define |
//! | [`signatures`] | how SDKs are recognised |
//! | [`detect`] | which SDKs an app carries |
//! | [`declared`] | what a policy declares |
//! | [`audit`] | where app and policy differ |
//! | [`report`] | the result as text or JSON |
//! | [`batch`] | the same for many apps |
//!
//! ```
//! use sdkaudit::{Inventory, Levels, SignatureSet, app, audit, declared};
//!
//! let set = SignatureSet::builtin();
//! let by_class = |package: &[u8]| set.holds_class_prefixes(package);
//! let options = app::Options { by_class: &by_class, ..app::Options::default() };
//! let app = app::read("samples/meterpay.apk".as_ref(), options)?;
//! let inventory = Inventory::of(&app, set);
//!
//! let policy = std::fs::read("samples/meterpay-policy.md").unwrap();
//! let declaration = declared::read("meterpay-policy.md", &policy, set)?;
//! let audit = audit::audit(&app, &inventory, &declaration, set, &Levels::default());
//! assert!(audit.findings.iter().any(|finding| finding.subject == "tencent.bugly"));
//! # Ok::<(), sdkaudit::Error>(())
//! ```

pub mod app;
pub mod audit;
pub mod batch;
#[doc(hidden)]
pub mod cli;
pub mod compare;
pub mod declared;
pub mod detect;
pub mod error;
pub mod lang;
mod located;
mod nearest;
pub mod package;
pub mod platform;
pub mod report;
pub mod settings;
pub mod signatures;

pub use app::App;
pub use audit::{Audit, Finding, Levels, Rule, Severity};
pub use declared::Declaration;
pub use detect::{Detection, Evidence, Inventory, Presence};
pub use error::Error;
pub use lang::{Lang, Text};
pub use signatures::{Sdk, SignatureSet};
