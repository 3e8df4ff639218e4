//! Permission groups: what the system shows the user when it asks.

use crate::lang::Text;

/// Group id (last part of `android.permission-group.*` or `android.car.permission-group.*`), English, Chinese.
const LABELS: [(&str, &str, &str); 17] = [
    ("ACTIVITY_RECOGNITION", "Physical activity", "身体活动"),
    ("CALENDAR", "Calendar", "日历"),
    ("CALL_LOG", "Call logs", "通话记录"),
    ("CAMERA", "Camera", "相机"),
    ("CAR_MONITORING", "Car information", "车辆信息"),
    ("CONTACTS", "Contacts", "通讯录"),
    ("HEALTH", "Health and fitness", "健康与健身"),
    ("LOCATION", "Location", "位置"),
    ("MICROPHONE", "Microphone", "麦克风"),
    ("NEARBY_DEVICES", "Nearby devices", "附近的设备"),
    ("NOTIFICATIONS", "Notifications", "通知"),
    ("PHONE", "Phone", "电话"),
    ("READ_MEDIA_AURAL", "Music and audio", "音乐和音频"),
    ("READ_MEDIA_VISUAL", "Photos and videos", "照片和视频"),
    ("SENSORS", "Body sensors", "身体传感器"),
    ("SMS", "SMS", "短信"),
    ("STORAGE", "Storage", "存储"),
];

/// The name of a permission group for people; `None` for an id that no entry of the tables carries.
pub fn label(group: &str) -> Option<Text> {
    let at = LABELS.binary_search_by(|(id, _, _)| (*id).cmp(group)).ok()?;
    let (_, en, zh) = LABELS[at];
    Some(Text::new(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::permissions;

    #[test]
    fn every_group_in_use_has_both_labels_and_no_other_stands_here() {
        assert!(LABELS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(LABELS.iter().all(|(_, en, zh)| en.is_ascii() && !zh.is_ascii() && !en.is_empty()));
        for (group, _, _) in LABELS {
            assert!(permissions::all().any(|p| p.group == Some(group)), "{group} is not used");
        }
        for permission in permissions::all() {
            assert!(permission.group.is_none_or(|group| label(group).is_some()), "{}", permission.name);
        }
        assert_eq!(label("PHONE").map(|text| text.zh).as_deref(), Some("电话"));
        assert_eq!(label("NO_SUCH_GROUP"), None);
    }
}
