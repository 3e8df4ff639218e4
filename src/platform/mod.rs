//! What the operating systems define: permissions, their groups and restrictions, and what old apps are given unasked.
//!
//! Knowledge only; reads no app. The tables are compiled in from the `.json` files beside the code, see
//! `build/permissions.rs`; nothing is parsed when the program starts.

pub mod groups;
mod nearest;
pub mod packages;
pub mod permissions;
pub mod restriction;
pub mod split;
