//! Fixtures for all integration tests: any APK, built in memory, ordinary or hostile.
//!
//! A test file says `mod support;` at its root. The writers share no code with the library's readers, so a mistake in one
//! cannot hide a mistake in the other; `tests/support_selfcheck.rs` holds them against `aapt`, `dexdump`, `goblin` and `zip`.
//!
//! ```ignore
//! let apk = ApkBuilder::new("com.example.app")
//!     .version_code(42)
//!     .uses_permission("android.permission.INTERNET")
//!     .component(Component::service("com.vendor.push.PushService").exported(true))
//!     .dex(&Dex::new().classes(&["com.vendor.push.PushService"]))
//!     .build();
//! ```

// Every test binary compiles all of this and uses a part.
#![allow(dead_code, unused_imports)]

mod apk;
pub mod arsc;
pub mod axml;
pub mod bundle;
pub mod bytes;
pub mod class_file;
mod component;
pub mod dex;
pub mod elf;
pub mod hostile;
pub mod oracle;
pub mod policy;
pub mod res;
pub mod run;
pub mod sample;
pub mod sdks;
pub mod targets;
pub mod zipfile;

pub use apk::ApkBuilder;
pub use arsc::Arsc;
pub use component::Component;
pub use dex::{Arg, Class, Dex, FieldRef, Invoke, Method, MethodRef, Op, Payload};
pub use elf::SharedObject;
pub use res::{Encoding, Value};
