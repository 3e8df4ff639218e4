//! The user's own files: `sdkaudit.toml` and waivers. Every mistake of a file is found at once, with its line and the nearest name.

mod config;
mod reader;
mod waivers;

pub use config::{Config, FILE_NAME};
pub use waivers::{read_waivers, write_json, write_toml};
