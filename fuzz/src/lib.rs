//! Fuzz targets of `sdkaudit`; what each does with its input stands in `tests/support/targets.rs`.

/// The builders of the integration tests that need no test program.
#[path = "../../tests/support"]
#[allow(dead_code, unused_imports)]
pub mod support {
    mod apk;
    pub mod arsc;
    pub mod axml;
    pub mod bytes;
    pub mod class_file;
    mod component;
    pub mod dex;
    pub mod elf;
    pub mod res;
    pub mod sample;
    pub mod targets;
    pub mod zipfile;

    pub use apk::ApkBuilder;
    pub use arsc::Arsc;
    pub use component::Component;
    pub use dex::{Arg, Class, Dex, FieldRef, Invoke, Method, MethodRef, Op, Payload};
    pub use elf::SharedObject;
    pub use res::{Encoding, Value};
}
