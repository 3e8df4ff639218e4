//! The explanation beside each of the app's permissions.

use super::super::{Finding, Rule, Sink};
use super::Paper;
use super::permissions::meant;
use crate::declared::Located;
use crate::lang::Text;
use std::collections::BTreeMap;

/// A subject: ends of permission names that are about it, and the words by which a text speaks of it.
struct Subject {
    names: &'static [&'static str],
    words: &'static [&'static str],
}

/// Permissions outside these subjects are not judged.
const SUBJECTS: [Subject; 13] = [
    Subject {
        names: &["INTERNET", "NETWORK_STATE", "WIFI_STATE", "NETWORK_INFO", "WIFI_INFO", "WIFI_MULTICAST_STATE"],
        words: &[
            "network", "internet", "wi-fi", "wifi", "wi fi", "online", "网络", "联网", "上网", "wlan", "断网", "热点",
        ],
    },
    Subject {
        names: &["CHANGE_BADGE", "READ_SETTINGS", "WRITE_SETTINGS.badge", "UPDATE_COUNT", "BROADCAST_BADGE"],
        words: &["badge", "corner mark", "角标"],
    },
    Subject {
        names: &["CAMERA", "NSCameraUsageDescription"],
        words: &[
            "camera",
            "photo",
            "picture",
            "video",
            "scan",
            "qr code",
            "shoot",
            "flash",
            "相机",
            "摄像",
            "拍",
            "扫",
            "二维码",
            "照片",
            "人脸",
        ],
    },
    Subject {
        names: &["RECORD_AUDIO", "MICROPHONE", "NSMicrophoneUsageDescription"],
        words: &[
            "microphone",
            "audio",
            "voice",
            "record",
            "speech",
            "sound",
            "麦克风",
            "录音",
            "语音",
            "声音",
            "录制",
            "通话",
        ],
    },
    Subject {
        names: &[
            "ACCESS_FINE_LOCATION",
            "ACCESS_COARSE_LOCATION",
            "ACCESS_BACKGROUND_LOCATION",
            "LOCATION",
            "APPROXIMATELY_LOCATION",
            "NSLocationWhenInUseUsageDescription",
        ],
        words: &[
            "location", "position", "place", "gps", "nearby", "map", "navigat", "where", "位置", "定位", "地理",
            "附近", "地图", "导航", "地点", "地址",
        ],
    },
    Subject {
        names: &["READ_CONTACTS", "WRITE_CONTACTS", "NSContactsUsageDescription"],
        words: &["contact", "address book", "friend", "phonebook", "通讯录", "联系人", "好友", "电话簿"],
    },
    Subject {
        names: &["READ_CALENDAR", "WRITE_CALENDAR", "NSCalendarsUsageDescription"],
        words: &["calendar", "schedule", "event", "remind", "appointment", "日历", "日程", "提醒"],
    },
    Subject {
        names: &["READ_SMS", "SEND_SMS", "RECEIVE_SMS"],
        words: &["sms", "text message", "verification code", "short message", "短信", "验证码", "彩信"],
    },
    Subject {
        names: &["READ_PHONE_STATE", "READ_PHONE_NUMBERS", "GET_TELEPHONY_STATE"],
        words: &[
            "phone",
            "imei",
            "device id",
            "identif",
            "sim",
            "call",
            "statistic",
            "电话",
            "手机",
            "设备",
            "识别",
            "标识",
            "通话",
            "本机",
            "统计",
        ],
    },
    Subject {
        names: &[
            "READ_EXTERNAL_STORAGE",
            "WRITE_EXTERNAL_STORAGE",
            "MANAGE_EXTERNAL_STORAGE",
            "READ_MEDIA_IMAGES",
            "READ_MEDIA_VIDEO",
            "NSPhotoLibraryUsageDescription",
            "NSPhotoLibraryAddUsageDescription",
        ],
        words: &[
            "storage",
            "file",
            "sd card",
            "memory card",
            "photo",
            "picture",
            "image",
            "album",
            "media",
            "save",
            "cache",
            "download",
            "upload",
            "存储",
            "文件",
            "相册",
            "图片",
            "照片",
            "保存",
            "缓存",
            "下载",
            "上传",
            "读写",
        ],
    },
    Subject {
        names: &["POST_NOTIFICATIONS"],
        words: &["notif", "message", "push", "remind", "alert", "通知", "消息", "推送", "提醒"],
    },
    Subject { names: &["VIBRATE"], words: &["vibrat", "振动", "震动"] },
    Subject {
        names: &["BLUETOOTH", "BLUETOOTH_SCAN", "BLUETOOTH_CONNECT", "BLUETOOTH_ADMIN", "ACCESS_BLUETOOTH"],
        words: &["bluetooth", "device", "nearby", "pair", "蓝牙", "设备", "附近", "配对"],
    },
];

/// What the explanation of one permission says and no other's does: the permission, and phrases. With one of these and no word about its
/// own subject, a text is that other permission's, whether the table has it or not.
#[rustfmt::skip]
const TELLING: [(&str, &[&str]); 10] = [
    ("android.permission.INTERNET", &[
        "访问网络", "访问互联网", "连接网络", "网络连接", "联网", "网络请求", "access the network", "access the internet", "network access", "internet access",
        "network connection", "connect to the internet", "network requests",
    ]),
    ("android.permission.ACCESS_FINE_LOCATION", &["获取位置", "获取您的位置", "地理位置", "精确定位", "your location", "location information", "precise location"]),
    ("android.permission.READ_CONTACTS", &["通讯录", "读取联系人", "your contacts", "address book", "read contacts"]),
    ("android.permission.READ_EXTERNAL_STORAGE", &["存储卡", "读写存储", "外部存储", "存储空间", "external storage", "memory card", "sd card"]),
    ("android.permission.RECORD_AUDIO", &["麦克风", "录音", "microphone", "record audio", "voice messages"]),
    ("android.permission.CAMERA", &["摄像头", "相机", "拍照", "take photos", "take pictures", "the camera"]),
    ("android.permission.READ_SMS", &["读取短信", "短信验证码", "read sms", "text messages"]),
    ("android.permission.READ_CALENDAR", &["日历", "calendar"]),
    ("android.permission.VIBRATE", &["振动", "震动", "vibrat"]),
    ("android.permission.BLUETOOTH", &["蓝牙", "bluetooth"]),
];

/// Shorter texts ("Camera", "None") say too little to be somebody else's.
const SHORTEST: usize = 6;

/// Permissions that share a line, and the texts that explain them.
struct Entry<'a> {
    names: Vec<&'a Located>,
    texts: Vec<(u32, String)>,
}

/// Runs the family: one finding per permission.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let app = &paper.declaration.app_permissions;
    for table in [&app.android, &app.ios, &app.harmonyos] {
        let entries = entries(paper, table);
        for (number, entry) in entries.iter().enumerate() {
            if let Some((line, text, owner)) = foreign(&entries, number) {
                report(paper, entry, line, text, &owner.text, sink);
            } else if let Some((line, text, owner)) = tells_another(entry) {
                report(paper, entry, line, text, owner, sink);
            }
        }
    }
}

fn report(paper: &Paper<'_>, entry: &Entry<'_>, line: u32, text: &str, owner: &str, sink: &mut Sink<'_>) {
    let Some(name) = entry.names.first() else { return };
    let finding = Finding::new(
        Rule::WrongPermissionText,
        &name.text,
        Text::new(
            format!("the explanation of {} is that of {owner}", name.text),
            format!("{} 的说明是 {owner} 的说明", name.text),
        ),
        Text::new("say what this permission is for", "请写明此权限的用途"),
    );
    let column = paper.line(line).chars().take_while(|c| c.is_whitespace()).count() as u32 + 1;
    let column = if line == name.at.line { name.at.column } else { column };
    sink.emit(finding.declared(paper.at(crate::declared::Position { line, column }, text)));
}

/// The text of an entry that is word for word another entry's, speaks of that one's subject and not of its own.
fn foreign<'e, 'a>(entries: &'e [Entry<'a>], number: usize) -> Option<(u32, &'e str, &'a Located)> {
    let entry = entries.get(number)?;
    let own = subjects(entry);
    if own.is_empty() {
        return None;
    }
    entry.texts.iter().find_map(|(line, text)| {
        let twin = entries.iter().enumerate().find(|(other, candidate)| {
            let same = || candidate.texts.iter().any(|(_, words)| words == text);
            *other != number && same() && subjects(candidate).iter().any(|subject| speaks_of(subject, text))
        });
        let (_, twin) = twin.filter(|_| !own.iter().any(|subject| speaks_of(subject, text)))?;
        Some((*line, text.as_str(), *twin.names.first()?))
    })
}

/// The text of an entry that tells of one other permission and not of its own. One text only: beside others it may add to them.
fn tells_another<'e>(entry: &'e Entry<'_>) -> Option<(u32, &'e str, &'static str)> {
    const LONGEST: usize = 60;
    const LABEL: usize = 10;
    let own = subjects(entry);
    // "Camera" beside it is the permission's name in words, not an explanation.
    let explains = |text: &&(u32, String)| text.1.chars().count() > LABEL;
    let texts: Vec<&(u32, String)> = entry.texts.iter().filter(explains).collect();
    let (line, text) = match texts.as_slice() {
        [] => entry.texts.first()?,
        [only] => only,
        _ => return None,
    };
    if own.is_empty() || text.chars().nth(LONGEST).is_some() || own.iter().any(|subject| speaks_of(subject, text)) {
        return None;
    }
    let lower = text.to_lowercase();
    let mut told = TELLING.iter().filter(|(_, phrases)| phrases.iter().any(|phrase| lower.contains(phrase)));
    let (owner, _) = told.next().filter(|_| told.next().is_none())?;
    Some((*line, text, owner))
}

fn subjects(entry: &Entry<'_>) -> Vec<&'static Subject> {
    let last = |name: &str| meant(name).map_or(name, |known| known.name).rsplit('.').next().unwrap_or(name).to_owned();
    let names: Vec<String> = entry.names.iter().map(|name| last(&name.text)).collect();
    let about = |subject: &&Subject| {
        names.iter().any(|name| subject.names.iter().any(|end| name == end || name.ends_with(&format!("_{end}"))))
    };
    SUBJECTS.iter().filter(about).collect()
}

fn speaks_of(subject: &Subject, text: &str) -> bool {
    let lower = text.to_lowercase();
    subject.words.iter().any(|word| lower.contains(word))
}

/// The entries of one table: each line that holds permissions, with the texts behind or below it.
fn entries<'a>(paper: &Paper<'_>, table: &'a [Located]) -> Vec<Entry<'a>> {
    let mut by_line: BTreeMap<u32, Vec<&'a Located>> = BTreeMap::new();
    for name in table {
        by_line.entry(name.at.line).or_default().push(name);
    }
    by_line.into_iter().map(|(line, names)| Entry { texts: texts(paper, line, &names), names }).collect()
}

fn texts(paper: &Paper<'_>, line: u32, names: &[&Located]) -> Vec<(u32, String)> {
    const BELOW: u32 = 4;
    let last = names.iter().max_by_key(|name| name.at.column);
    let behind = last.map_or("", |name| paper.behind(name));
    let cells = behind.split('|').map(clean);
    let mut found: Vec<(u32, String)> = cells.map(|text| (line, text)).collect();
    if !paper.line(line).trim_start().starts_with('|') {
        let below = (line + 1..=line + BELOW).map(|number| (number, paper.line(number)));
        let own = below.take_while(|(number, text)| {
            !text.trim().is_empty()
                && !text.starts_with('#')
                && !names_permission(text)
                && !paper.in_records.contains(number)
        });
        found.extend(own.map(|(number, text)| (number, clean(text))));
    }
    found.retain(|(_, text)| text.chars().count() >= SHORTEST);
    found
}

fn clean(text: &str) -> String {
    text.trim_matches([' ', '\t', '*', '-', ':', '：', '(', ')', '（', '）', '.', '。', ',', '，', '`']).to_owned()
}

fn names_permission(text: &str) -> bool {
    text.contains("permission.") || text.contains("UsageDescription")
}
