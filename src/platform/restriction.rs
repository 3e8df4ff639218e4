//! What stands between requesting a permission and being given it, beyond its protection level.

use crate::lang::Text;

/// A rule of the platform or of Google Play that narrows the use of a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Restriction {
    /// The user decides per app on a page of the system settings ("special app access").
    SpecialAccess,
    /// From Android 10 on given only when the installer allows it.
    HardRestricted,
    /// From Android 10 on given in a narrower form unless the installer allows all of it.
    SoftRestricted,
    /// From Android 14 on needed with a matching `foregroundServiceType`; Google Play asks for a declaration.
    ForegroundServiceType,
    /// Google Play: SMS and Call Log policy.
    PlaySmsCallLog,
    /// Google Play: Photo and Video Permissions policy.
    PlayPhotoVideo,
    /// Google Play: Location policy, background location.
    PlayBackgroundLocation,
    /// Google Play: Accessibility API policy.
    PlayAccessibility,
    /// Google Play: VpnService policy.
    PlayVpn,
    /// Google Play: All files access policy.
    PlayAllFiles,
    /// Google Play: usage statistics need a justification.
    PlayUsageStats,
    /// Google Play: Broad package visibility policy.
    PlayPackageVisibility,
    /// Google Play: Request install packages policy.
    PlayInstallPackages,
    /// Google Play: Exact alarm policy.
    PlayExactAlarm,
    /// Google Play: Full-screen intent policy.
    PlayFullScreenIntent,
    /// No known system defines the name; apps and policies carry it all the same.
    Undefined,
}

impl Restriction {
    /// All restrictions, in the order of their bits.
    pub const ALL: [Restriction; 16] = [
        Restriction::SpecialAccess,
        Restriction::HardRestricted,
        Restriction::SoftRestricted,
        Restriction::ForegroundServiceType,
        Restriction::PlaySmsCallLog,
        Restriction::PlayPhotoVideo,
        Restriction::PlayBackgroundLocation,
        Restriction::PlayAccessibility,
        Restriction::PlayVpn,
        Restriction::PlayAllFiles,
        Restriction::PlayUsageStats,
        Restriction::PlayPackageVisibility,
        Restriction::PlayInstallPackages,
        Restriction::PlayExactAlarm,
        Restriction::PlayFullScreenIntent,
        Restriction::Undefined,
    ];

    pub(crate) const fn bit(self) -> u16 {
        1 << self as u8
    }

    /// True where a permission below the dangerous level is *special* by this restriction: the user is sent to a page
    /// of the settings for it, or Google Play lets it through only for named uses. Policies on services that guard a
    /// component (accessibility, VPN) or need a type (foreground services) do not count.
    pub(crate) const fn makes_special(self) -> bool {
        matches!(
            self,
            Restriction::SpecialAccess
                | Restriction::PlayAllFiles
                | Restriction::PlayUsageStats
                | Restriction::PlayPackageVisibility
                | Restriction::PlayInstallPackages
                | Restriction::PlayExactAlarm
                | Restriction::PlayFullScreenIntent
        )
    }

    /// One phrase for people.
    pub fn label(self) -> Text {
        let (en, zh) = match self {
            Restriction::SpecialAccess => {
                ("special app access: the user allows it in Settings", "特殊应用权限：由用户在系统设置中开启")
            }
            Restriction::HardRestricted => (
                "hard-restricted: the installer must allow it (Android 10+)",
                "强限制权限：须由安装来源允许（Android 10 及以上）",
            ),
            Restriction::SoftRestricted => (
                "soft-restricted: narrower unless the installer allows it (Android 10+)",
                "弱限制权限：未经安装来源允许时范围收窄（Android 10 及以上）",
            ),
            Restriction::ForegroundServiceType => (
                "needs a foreground service type (Android 14+) and a Google Play declaration",
                "须声明前台服务类型（Android 14 及以上）并向 Google Play 申报",
            ),
            Restriction::PlaySmsCallLog => ("Google Play: SMS and Call Log policy", "Google Play：短信和通话记录政策"),
            Restriction::PlayPhotoVideo => {
                ("Google Play: Photo and Video Permissions policy", "Google Play：照片和视频权限政策")
            }
            Restriction::PlayBackgroundLocation => {
                ("Google Play: background location declaration", "Google Play：后台位置信息申报")
            }
            Restriction::PlayAccessibility => {
                ("Google Play: Accessibility API declaration", "Google Play：无障碍 API 申报")
            }
            Restriction::PlayVpn => ("Google Play: VpnService declaration", "Google Play：VpnService 申报"),
            Restriction::PlayAllFiles => {
                ("Google Play: All files access declaration", "Google Play：所有文件访问权限申报")
            }
            Restriction::PlayUsageStats => {
                ("Google Play: usage access needs a justification", "Google Play：使用情况访问须说明理由")
            }
            Restriction::PlayPackageVisibility => {
                ("Google Play: broad package visibility declaration", "Google Play：软件包广泛可见性申报")
            }
            Restriction::PlayInstallPackages => {
                ("Google Play: install packages declaration", "Google Play：请求安装应用申报")
            }
            Restriction::PlayExactAlarm => {
                ("Google Play: alarm and calendar apps only", "Google Play：仅限闹钟和日历应用")
            }
            Restriction::PlayFullScreenIntent => {
                ("Google Play: alarm and calling apps only", "Google Play：仅限闹钟和通话应用")
            }
            Restriction::Undefined => ("no known system defines this name", "没有已知系统定义此名称"),
        };
        Text::new(en, zh)
    }
}
