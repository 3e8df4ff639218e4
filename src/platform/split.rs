//! Split permissions: what the platform adds by itself because an older permission once covered it.
//!
//! Source: the `split-permission` elements of AOSP `data/etc/platform.xml` (as of Android 15); the two splits of body
//! sensors into health permissions below target 36 are Android 16's, entered by hand. These are the device's doing; the permissions that `aapt` reports as implied
//! are another list, see the manifest reader.

/// A permission that the app did not ask for and has none the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitPermission {
    /// The added permission.
    pub name: &'static str,
    /// The requested (or itself added) permission it was split from.
    pub from: &'static str,
    /// Added only when the app targets an API level below this one; `None` means always.
    pub below_target: Option<u32>,
}

const fn split(from: &'static str, name: &'static str, below_target: u32) -> SplitPermission {
    SplitPermission { name, from, below_target: if below_target == 0 { None } else { Some(below_target) } }
}

/// In the platform's order: an added permission can be split again further down.
#[rustfmt::skip]
const SPLITS: [SplitPermission; 24] = [
    split("android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION", 0),
    split("android.permission.WRITE_EXTERNAL_STORAGE", "android.permission.READ_EXTERNAL_STORAGE", 0),
    split("android.permission.READ_PRIVILEGED_PHONE_STATE", "android.permission.READ_PHONE_STATE", 0),
    split("android.permission.READ_CONTACTS", "android.permission.READ_CALL_LOG", 16),
    split("android.permission.WRITE_CONTACTS", "android.permission.WRITE_CALL_LOG", 16),
    split("android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_BACKGROUND_LOCATION", 29),
    split("android.permission.ACCESS_COARSE_LOCATION", "android.permission.ACCESS_BACKGROUND_LOCATION", 29),
    split("android.permission.READ_EXTERNAL_STORAGE", "android.permission.ACCESS_MEDIA_LOCATION", 29),
    split("android.permission.WRITE_EXTERNAL_STORAGE", "android.permission.ACCESS_MEDIA_LOCATION", 29),
    split("android.permission.BLUETOOTH", "android.permission.BLUETOOTH_SCAN", 31),
    split("android.permission.BLUETOOTH", "android.permission.BLUETOOTH_CONNECT", 31),
    split("android.permission.BLUETOOTH", "android.permission.BLUETOOTH_ADVERTISE", 31),
    split("android.permission.BLUETOOTH_ADMIN", "android.permission.BLUETOOTH_SCAN", 31),
    split("android.permission.BLUETOOTH_ADMIN", "android.permission.BLUETOOTH_CONNECT", 31),
    split("android.permission.BLUETOOTH_ADMIN", "android.permission.BLUETOOTH_ADVERTISE", 31),
    split("android.permission.BODY_SENSORS", "android.permission.BODY_SENSORS_BACKGROUND", 33),
    split("android.permission.READ_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_AUDIO", 33),
    split("android.permission.READ_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_VIDEO", 33),
    split("android.permission.READ_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_IMAGES", 33),
    split("android.permission.WRITE_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_AUDIO", 33),
    split("android.permission.WRITE_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_VIDEO", 33),
    split("android.permission.WRITE_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_IMAGES", 33),
    split("android.permission.BODY_SENSORS", "android.permission.health.READ_HEART_RATE", 36),
    split("android.permission.BODY_SENSORS_BACKGROUND",
          "android.permission.health.READ_HEALTH_DATA_IN_BACKGROUND", 36),
];

/// What a device adds to `requested` (full names) for an app that targets API level `target_sdk`, in the platform's
/// order, each name once, and none that was requested.
pub fn split_permissions(requested: &[&str], target_sdk: u32) -> Vec<SplitPermission> {
    let mut added: Vec<SplitPermission> = Vec::new();
    for split in SPLITS {
        let has = |name: &str| requested.contains(&name) || added.iter().any(|earlier| earlier.name == name);
        let applies = split.below_target.is_none_or(|level| target_sdk < level);
        if applies && has(split.from) && !has(split.name) {
            added.push(split);
        }
    }
    added
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::permissions;

    /// `LAST_PART <- LAST_PART < level`, one a line.
    fn shown(requested: &[&str], target_sdk: u32) -> Vec<String> {
        let requested: Vec<String> = requested.iter().map(|last| format!("android.permission.{last}")).collect();
        let requested: Vec<&str> = requested.iter().map(String::as_str).collect();
        let last = |name: &str| name.trim_start_matches("android.permission.").to_string();
        split_permissions(&requested, target_sdk)
            .iter()
            .map(|split| match split.below_target {
                Some(level) => format!("{} <- {} < {level}", last(split.name), last(split.from)),
                None => format!("{} <- {}", last(split.name), last(split.from)),
            })
            .collect()
    }

    #[test]
    fn location_splits_by_target() {
        let coarse = "ACCESS_COARSE_LOCATION <- ACCESS_FINE_LOCATION";
        let background = "ACCESS_BACKGROUND_LOCATION <- ACCESS_FINE_LOCATION < 29";
        assert_eq!(shown(&["ACCESS_FINE_LOCATION"], 28), [coarse, background]);
        assert_eq!(shown(&["ACCESS_FINE_LOCATION"], 29), [coarse]);
        assert!(shown(&["ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"], 29).is_empty());
    }

    #[test]
    fn an_added_permission_is_split_again() {
        let storage = [
            "READ_EXTERNAL_STORAGE <- WRITE_EXTERNAL_STORAGE",
            "ACCESS_MEDIA_LOCATION <- READ_EXTERNAL_STORAGE < 29",
            "READ_MEDIA_AUDIO <- READ_EXTERNAL_STORAGE < 33",
            "READ_MEDIA_VIDEO <- READ_EXTERNAL_STORAGE < 33",
            "READ_MEDIA_IMAGES <- READ_EXTERNAL_STORAGE < 33",
        ];
        assert_eq!(shown(&["WRITE_EXTERNAL_STORAGE"], 28), storage);
        assert_eq!(shown(&["WRITE_EXTERNAL_STORAGE"], 33), storage[..1]);
        assert_eq!(
            shown(&["BODY_SENSORS"], 30),
            [
                "BODY_SENSORS_BACKGROUND <- BODY_SENSORS < 33",
                "health.READ_HEART_RATE <- BODY_SENSORS < 36",
                "health.READ_HEALTH_DATA_IN_BACKGROUND <- BODY_SENSORS_BACKGROUND < 36",
            ]
        );
    }

    #[test]
    fn bluetooth_and_contacts_split_below_their_levels_only() {
        assert_eq!(shown(&["BLUETOOTH", "BLUETOOTH_ADMIN"], 30).len(), 3);
        assert!(shown(&["BLUETOOTH", "BLUETOOTH_ADMIN"], 31).is_empty());
        assert_eq!(shown(&["READ_CONTACTS"], 15), ["READ_CALL_LOG <- READ_CONTACTS < 16"]);
        assert!(shown(&["READ_CONTACTS", "CAMERA"], 16).is_empty());
        assert!(shown(&[], 1).is_empty());
    }

    #[test]
    fn every_name_is_a_known_permission() {
        for split in SPLITS {
            assert!(permissions::find(split.name).is_some(), "{}", split.name);
            assert!(permissions::find(split.from).is_some(), "{}", split.from);
        }
    }
}
