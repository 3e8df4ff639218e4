//! What the operating systems define: permissions, their groups and restrictions, what old apps are given unasked, which
//! calls read which personal data, and the words that policies have for it.
//!
//! Knowledge only; reads no app. The tables are compiled in from the `.json` files beside the code, see
//! `build/permissions.rs`; nothing is parsed when the program starts.

pub mod apis;
pub mod data_types;
pub mod groups;
mod nearest;
pub mod packages;
pub mod permissions;
pub mod restriction;
pub mod split;
pub mod templates;
pub mod vendors;
