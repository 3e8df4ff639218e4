//! `sdkaudit`: does this mobile app carry only what it declares?
pub mod app;
pub mod audit;
pub mod batch;
#[doc(hidden)]
pub mod cli;
pub mod declared;
pub mod detect;
pub mod error;
pub mod lang;
mod nearest;
pub mod package;
pub mod platform;
pub mod report;
pub mod signatures;
