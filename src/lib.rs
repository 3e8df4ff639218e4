//! `sdkaudit`: does this mobile app carry only what it declares?

pub mod lang;
pub mod platform;
