//! The permission tables of Android, phone vendors, HarmonyOS and iOS.
//!
//! Sources and reservations stand in the `origins` of `permissions.json`. Everything here is static data; a lookup
//! allocates nothing.

use crate::lang::Text;
use crate::platform::groups;
pub use crate::platform::nearest::nearest;
use crate::platform::restriction::Restriction;

include!(concat!(env!("OUT_DIR"), "/permissions.rs"));

/// One row: spans into `TEXT` (name, flags, group, vendor, purpose en, purpose zh, data types, replaced by),
/// restriction bits, API levels (added, deprecated, removed, no effect above; 0 = none, 255 = level not known),
/// protection, platform, public.
struct Raw([u32; 8], u16, [u8; 4], Protection, Platform, bool);

fn text(span: u32) -> Option<&'static str> {
    let (at, length) = ((span >> 8) as usize, (span & 0xff) as usize);
    if length == 0 { None } else { TEXT.get(at..at + length) }
}

impl Raw {
    fn name(&self) -> &'static str {
        text(self.0[0]).unwrap_or_default()
    }
}

/// Who defines a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// The Android platform and its modules.
    Android,
    /// A phone maker, an app store, an SDK or another part of the Android world outside the platform.
    Vendor,
    /// HarmonyOS and OpenHarmony.
    HarmonyOs,
    /// iOS: a usage description key of the information property list.
    Ios,
}

/// Base protection level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protection {
    /// Android `normal`: given at installation.
    Normal,
    /// Android `dangerous`: the user is asked while the app runs.
    Dangerous,
    /// Android `signature`: for apps signed by whoever defines it.
    Signature,
    /// Android `internal`: for parts of the system.
    Internal,
    /// Android, real name of a public constant whose level was not found in any published table.
    Unstated,
    /// HarmonyOS `system_grant`: given at installation.
    SystemGrant,
    /// HarmonyOS `user_grant` and `manual_settings`: the user is asked, or decides in Settings.
    UserGrant,
    /// iOS: the key holds the sentence shown to the user who is asked.
    UsageKey,
    /// Set by the vendor or SDK that defines the permission; not known here.
    Custom,
}

impl Protection {
    /// All levels.
    pub const ALL: [Protection; 9] = [
        Protection::Normal,
        Protection::Dangerous,
        Protection::Signature,
        Protection::Internal,
        Protection::Unstated,
        Protection::SystemGrant,
        Protection::UserGrant,
        Protection::UsageKey,
        Protection::Custom,
    ];

    /// The level for people.
    pub fn label(self) -> Text {
        let (en, zh) = match self {
            Protection::Normal => ("normal", "普通"),
            Protection::Dangerous => ("dangerous", "危险"),
            Protection::Signature => ("signature", "签名"),
            Protection::Internal => ("internal", "系统内部"),
            Protection::Unstated => ("level not published", "级别未公布"),
            Protection::SystemGrant => ("system grant", "系统授权"),
            Protection::UserGrant => ("user grant", "用户授权"),
            Protection::UsageKey => ("usage description", "用途说明"),
            Protection::Custom => ("vendor-defined", "厂商自定义"),
        };
        Text::new(en, zh)
    }

    /// The level as a word for JSON: `normal`, `dangerous`, `user_grant`, …
    pub fn id(self) -> &'static str {
        match self {
            Protection::Normal => "normal",
            Protection::Dangerous => "dangerous",
            Protection::Signature => "signature",
            Protection::Internal => "internal",
            Protection::Unstated => "unstated",
            Protection::SystemGrant => "system_grant",
            Protection::UserGrant => "user_grant",
            Protection::UsageKey => "usage_key",
            Protection::Custom => "custom",
        }
    }
}

/// What is known of one permission. API levels are Android's, for HarmonyOS its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Full name. For names that carry the app's own id, the pattern with `${applicationId}`.
    pub name: &'static str,
    /// Who defines it.
    pub platform: Platform,
    /// Base protection level.
    pub protection: Protection,
    /// The level's further flags as the platform writes them, joined by `|` (`appop|privileged`); on HarmonyOS the
    /// least privilege level (`normal`, `system_basic`, `system_core`). Empty where there are none.
    pub flags: &'static str,
    /// Not dangerous, yet opened only by hand or by leave: the user is sent to a page of Settings for it (special app
    /// access, HarmonyOS `manual_settings`), or Google Play lets a lower level pass only for named uses
    /// (`QUERY_ALL_PACKAGES`, `USE_EXACT_ALARM`).
    pub special: bool,
    /// Open to ordinary apps: public SDK constant, HarmonyOS type NORMAL, every vendor name and iOS key.
    pub public: bool,
    /// Permission group id (`PHONE`), see [`groups::label`].
    pub group: Option<&'static str>,
    /// First API level that has it. 4 means 4 or earlier.
    pub added_api: Option<u8>,
    /// Deprecated.
    pub deprecated: bool,
    /// API level that deprecated it, where known.
    pub deprecated_api: Option<u8>,
    /// First API level whose public SDK, or for names that never were public whose platform, lacks it.
    pub removed_api: Option<u8>,
    /// Without effect where target or device is above this API level.
    pub no_effect_above: Option<u8>,
    /// The vendor, SDK or service that defines it.
    pub vendor: Option<&'static str>,
    purpose: Option<(&'static str, &'static str)>,
    data_types: &'static str,
    replaced_by: &'static str,
    restrictions: u16,
}

impl Permission {
    fn of(raw: &'static Raw) -> Permission {
        let [_, flags, group, vendor, purpose_en, purpose_zh, data_types, replaced_by] = raw.0;
        let given = |level: u8| (level != 0 && level != u8::MAX).then_some(level);
        let [added, deprecated, removed, no_effect_above] = raw.2;
        let (protection, restrictions) = (raw.3, raw.1);
        let flags = text(flags).unwrap_or_default();
        let by_restriction = Restriction::ALL.iter().any(|r| r.makes_special() && restrictions & r.bit() != 0);
        Permission {
            name: raw.name(),
            platform: raw.4,
            protection,
            flags,
            special: (by_restriction && protection != Protection::Dangerous) || flags.starts_with("manual_settings"),
            public: raw.5,
            group: text(group),
            added_api: given(added),
            deprecated: deprecated != 0,
            deprecated_api: given(deprecated),
            removed_api: given(removed),
            no_effect_above: given(no_effect_above),
            vendor: text(vendor),
            purpose: text(purpose_en).zip(text(purpose_zh)),
            data_types: text(data_types).unwrap_or_default(),
            replaced_by: text(replaced_by).unwrap_or_default(),
            restrictions,
        }
    }

    /// True where the user is asked or has to act before the app has it: dangerous, granted by the user, special, or
    /// an iOS usage description.
    pub fn is_dangerous_or_special(&self) -> bool {
        match self.protection {
            Protection::Dangerous | Protection::UserGrant => true,
            Protection::UsageKey => self.name.contains("UsageDescription"),
            _ => self.special,
        }
    }

    /// The last part of the name: `READ_PHONE_STATE`; for iOS the whole key.
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// What the vendor uses it for, for people.
    pub fn purpose(&self) -> Option<Text> {
        self.purpose.map(|(en, zh)| Text::new(en, zh))
    }

    /// The group's name for people.
    pub fn group_label(&self) -> Option<Text> {
        groups::label(self.group?)
    }

    /// Ids of the data types that it opens.
    pub fn data_types(&self) -> impl Iterator<Item = &'static str> {
        self.data_types.split_ascii_whitespace()
    }

    /// Full names of the permissions that took its place.
    pub fn replaced_by(&self) -> impl Iterator<Item = &'static str> {
        self.replaced_by.split_ascii_whitespace()
    }

    /// What narrows its use.
    pub fn restrictions(&self) -> impl Iterator<Item = Restriction> {
        let bits = self.restrictions;
        Restriction::ALL.into_iter().filter(move |restriction| bits & restriction.bit() != 0)
    }
}

/// Every permission, sorted by name.
pub fn all() -> impl Iterator<Item = Permission> {
    ENTRIES.iter().map(Permission::of)
}

/// The names that a system or vendor defines, who does, and whether ordinary apps may use them.
pub(crate) fn names() -> impl Iterator<Item = (&'static str, Platform, bool)> {
    let defined = ENTRIES.iter().filter(|raw| raw.1 & Restriction::Undefined.bit() == 0);
    defined.map(|raw| (raw.name(), raw.4, raw.5))
}

/// Looks up a full name, case as written. Names that carry an application id (`com.example.permission.JPUSH_MESSAGE`)
/// are found by their pattern, whose text is then the `name`.
pub fn find(name: &str) -> Option<Permission> {
    let exact = ENTRIES.binary_search_by(|raw| raw.name().cmp(name)).ok();
    let index = exact.or_else(|| PATTERNS.iter().map(|i| usize::from(*i)).find(|i| fits(ENTRIES[*i].name(), name)))?;
    ENTRIES.get(index).map(Permission::of)
}

fn fits(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once("${applicationId}") else { return false };
    let id = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    id.is_some_and(|id| {
        id.contains('.')
            && id.split('.').all(|part| {
                part.starts_with(|c: char| c.is_ascii_alphabetic())
                    && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            })
    })
}

/// Looks up the last part of a name as people write it, `READ_PHONE_STATE`. Android's own names come first, then the
/// only vendor name, then the only HarmonyOS name that ends so; `None` where several vendors share it.
pub fn find_by_short_name(short: &str) -> Option<Permission> {
    if short.is_empty() || short.contains('.') {
        return None;
    }
    let ends_so = |name: &str| name.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let only = |platform: Platform, prefix: &str| {
        let mut found = ENTRIES
            .iter()
            .filter(|raw| raw.4 == platform && raw.name().starts_with(prefix) && ends_so(raw.name()))
            .filter(|raw| prefix.is_empty() || raw.name().len() == prefix.len() + short.len());
        found.next().filter(|_| found.next().is_none()).map(Permission::of)
    };
    only(Platform::Android, "android.permission.")
        .or_else(|| only(Platform::Android, ""))
        .or_else(|| only(Platform::Vendor, ""))
        .or_else(|| only(Platform::HarmonyOs, "ohos.permission."))
        .or_else(|| only(Platform::HarmonyOs, ""))
        .or_else(|| only(Platform::Ios, ""))
}

#[cfg(test)]
#[path = "permissions_tests.rs"]
mod tests;
