//! The forms' names of data types, in the words of the taxonomy.
//!
//! Google: <https://support.google.com/googleplay/android-developer/answer/10787469>; Apple:
//! <https://developer.apple.com/documentation/bundleresources/describing-data-use-in-privacy-manifests>.

use crate::declared::{DataPractice, Located};
use crate::platform::data_types;

/// Apple's names begin with this.
const APPLE: &str = "NSPrivacyCollectedDataType";

/// Name in the form without its prefix, and taxonomy ids. What is not here has no type of its own in the taxonomy.
type Row = (&'static str, &'static [&'static str]);

const PLAY: &[Row] = &[
    ("NAME", &["user_name"]),
    ("EMAIL", &["email"]),
    ("USER_ACCOUNT", &["account_profile"]),
    ("PHONE", &["phone_number"]),
    ("CREDIT_DEBIT_BANK_ACCOUNT_NUMBER", &["payment"]),
    ("PURCHASE_HISTORY", &["purchase"]),
    ("APPROX_LOCATION", &["location_coarse"]),
    ("PRECISE_LOCATION", &["location"]),
    ("WEB_BROWSING_HISTORY", &["browser_history"]),
    ("SMS_CALL_LOG", &["sms"]),
    ("PHOTOS", &["photos"]),
    ("VIDEOS", &["photos"]),
    ("AUDIO", &["microphone"]),
    ("HEALTH", &["health"]),
    ("FITNESS", &["activity_recognition", "health"]),
    ("CONTACTS", &["contacts"]),
    ("CALENDAR", &["calendar"]),
    ("FILES_AND_DOCS", &["storage"]),
    ("USER_INTERACTION", &["usage_events"]),
    ("OTHER_APP_ACTIVITY", &["usage_events"]),
    ("APPS_ON_DEVICE", &["installed_apps"]),
    ("CRASH_LOGS", &["device_logs"]),
    ("PERFORMANCE_DIAGNOSTICS", &["device_logs"]),
    ("DEVICE_ID", &[DEVICE_IDENTIFIERS]),
];

const APPLE_TYPES: &[Row] = &[
    ("Name", &["user_name"]),
    ("EmailAddress", &["email"]),
    ("PhoneNumber", &["phone_number"]),
    ("UserID", &["account_profile"]),
    ("PaymentInfo", &["payment"]),
    ("PurchaseHistory", &["purchase"]),
    ("PreciseLocation", &["location"]),
    ("CoarseLocation", &["location_coarse"]),
    ("Contacts", &["contacts"]),
    ("EmailsOrTextMessages", &["sms"]),
    ("PhotosorVideos", &["photos"]),
    ("AudioData", &["microphone"]),
    ("Health", &["health"]),
    ("Fitness", &["activity_recognition", "health"]),
    ("BrowsingHistory", &["browser_history"]),
    ("ProductInteraction", &["usage_events"]),
    ("OtherUsageData", &["usage_events"]),
    ("CrashData", &["device_logs"]),
    ("OtherDiagnosticData", &["device_logs"]),
    ("DeviceID", &[DEVICE_IDENTIFIERS]),
];

/// All types below this umbrella.
const DEVICE_IDENTIFIERS: &str = "device_identifier";

/// Of `PSL_PRECISE_LOCATION`.
pub fn of_play(response: &str) -> Vec<String> {
    response.strip_prefix("PSL_").map(|name| of(PLAY, name)).unwrap_or_default()
}

/// Of `NSPrivacyCollectedDataTypePreciseLocation`.
pub fn of_apple(written: &str) -> Vec<String> {
    written.strip_prefix(APPLE).map(|name| of(APPLE_TYPES, name)).unwrap_or_default()
}

fn of(rows: &[Row], name: &str) -> Vec<String> {
    let ids = rows.iter().find(|(known, _)| *known == name).map(|(_, ids)| *ids).unwrap_or_default();
    let spread = |id: &&'static str| match data_types::umbrellas().iter().find(|umbrella| umbrella.id == *id) {
        Some(umbrella) => umbrella.members.to_vec(),
        None => vec![*id],
    };
    ids.iter().flat_map(spread).map(str::to_owned).collect()
}

/// A type of which nothing more is known yet.
pub fn practice(written: Located, data_types: Vec<String>) -> DataPractice {
    DataPractice {
        written,
        label: None,
        data_types,
        collected: None,
        shared: None,
        linked: None,
        tracking: None,
        purposes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_one_of_the_taxonomy() {
        for (name, _) in PLAY {
            let ids = of_play(&format!("PSL_{name}"));
            assert!(!ids.is_empty() && ids.iter().all(|id| data_types::find(id).is_some()), "{name}: {ids:?}");
        }
        for (name, _) in APPLE_TYPES {
            let ids = of_apple(&format!("{APPLE}{name}"));
            assert!(!ids.is_empty() && ids.iter().all(|id| data_types::find(id).is_some()), "{name}: {ids:?}");
        }
        assert!(
            of_play("PSL_DEVICE_ID").len() > 2 && of_play("PSL_RACE_ETHNICITY").is_empty() && of_play("X").is_empty()
        );
    }
}
