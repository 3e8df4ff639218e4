//! `sdkaudit`: does this mobile app carry only what it declares?
pub mod declared;
pub mod lang;
pub mod platform;
pub mod signatures;
