//! Forms of app shops: what an app declares of its data to Google Play and to Apple.
//!
//! Both speak for the app as a whole, its SDKs included, and have no place to name an SDK: they give no records, and their
//! silence about SDKs is no missing list.

mod binary;
mod play;
mod plist;
mod types;

pub(super) use play::{is_play, read as play};
pub(super) use plist::{is_plist, of_bytes as plist_of_bytes, of_text as plist_of_text};
