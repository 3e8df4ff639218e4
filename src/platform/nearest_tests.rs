use super::*;
use crate::platform::permissions::all;

#[track_caller]
fn corrects(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|(written, meant)| nearest(written) != Some(meant))
        .map(|(written, meant)| format!("{written}: {:?}, not {meant}", nearest(written)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn slips_of_the_last_part() {
    corrects(&[
        ("android.permission.READ_EXTERNAL_STORAG", "android.permission.READ_EXTERNAL_STORAGE"),
        ("android.permission.READ_EXTERNAL_STOR", "android.permission.READ_EXTERNAL_STORAGE"),
        ("android.permission.ACCESS_NETWORK_STAT", "android.permission.ACCESS_NETWORK_STATE"),
        ("android.permission.ACCESS_NETWORK_STATUS", "android.permission.ACCESS_NETWORK_STATE"),
        ("android.permission.ACCESS_NETWORKSTATE", "android.permission.ACCESS_NETWORK_STATE"),
        ("android.permission.MOUNT_UNMOUNT_FILESYSTEM", "android.permission.MOUNT_UNMOUNT_FILESYSTEMS"),
        ("android.permission.WRITE_EXTERNAL_STROAGE", "android.permission.WRITE_EXTERNAL_STORAGE"),
        ("android.permission.ACCES_FINE_LOCATION", "android.permission.ACCESS_FINE_LOCATION"),
        ("android.permission.ACCESS_COARSE_LOCATON", "android.permission.ACCESS_COARSE_LOCATION"),
        ("android.permission.RECIEVE_BOOT_COMPLETED", "android.permission.RECEIVE_BOOT_COMPLETED"),
        ("android.permission.RECEIVE_BOOT_COMPLETE", "android.permission.RECEIVE_BOOT_COMPLETED"),
        ("android.permission.WRITE_CALENDER", "android.permission.WRITE_CALENDAR"),
        ("android.permission.READ_MEDIA_IMAGE", "android.permission.READ_MEDIA_IMAGES"),
        ("android.permission.INTERNT", "android.permission.INTERNET"),
        ("android.permission.CAMARA", "android.permission.CAMERA"),
        ("android.permission.VIBRATION", "android.permission.VIBRATE"),
        ("android.permission.RECORD_AUDIOS", "android.permission.RECORD_AUDIO"),
        ("android.permission.READ_PHONE_STATES", "android.permission.READ_PHONE_STATE"),
        ("android.permission.FOREGROUND_SERVICES", "android.permission.FOREGROUND_SERVICE"),
    ]);
}

#[test]
fn wrong_case_and_wrong_or_missing_prefix() {
    corrects(&[
        ("android.permission.read_phone_state", "android.permission.READ_PHONE_STATE"),
        ("Android.Permission.CAMERA", "android.permission.CAMERA"),
        ("ANDROID.PERMISSION.CAMERA", "android.permission.CAMERA"),
        ("android.permissions.READ_PHONE_STATE", "android.permission.READ_PHONE_STATE"),
        ("andorid.permission.READ_PHONE_STATE", "android.permission.READ_PHONE_STATE"),
        ("android.premission.CAMERA", "android.permission.CAMERA"),
        ("android.READ_PHONE_STATE", "android.permission.READ_PHONE_STATE"),
        ("Manifest.permission.CAMERA", "android.permission.CAMERA"),
        ("android.Manifest.permission.RECORD_AUDIO", "android.permission.RECORD_AUDIO"),
        ("com.android.permission.READ_CONTACTS", "android.permission.READ_CONTACTS"),
        ("READ_PHONE_STATE", "android.permission.READ_PHONE_STATE"),
        ("READ_PHONE_STAT", "android.permission.READ_PHONE_STATE"),
        ("CAMERA", "android.permission.CAMERA"),
        ("android.permissionREAD_PHONE_STATE", "android.permission.READ_PHONE_STATE"),
        ("android.permission.READ PHONE STATE", "android.permission.READ_PHONE_STATE"),
        ("andorid.permission.READ_PHONE_STAT", "android.permission.READ_PHONE_STATE"),
        ("android.permission.INSTALL_SHORTCUT", "com.android.launcher.permission.INSTALL_SHORTCUT"),
        ("android.permission.GET_INSTALLED_APPS", "com.android.permission.GET_INSTALLED_APPS"),
        ("android.permission.READ_HEART_RATE", "android.permission.health.READ_HEART_RATE"),
    ]);
}

#[test]
fn vendors_harmonyos_and_ios_each_against_their_own_names() {
    corrects(&[
        ("com.huawei.android.launcher.permission.CHANGE_BAGDE", "com.huawei.android.launcher.permission.CHANGE_BADGE"),
        ("com.huawai.android.launcher.permission.CHANGE_BADGE", "com.huawei.android.launcher.permission.CHANGE_BADGE"),
        ("com.google.android.c2dm.permission.RECIEVE", "com.google.android.c2dm.permission.RECEIVE"),
        ("com.asus.msa.SupplementaryDID.ACESS", "com.asus.msa.SupplementaryDID.ACCESS"),
        ("ohos.permission.GET_NETWORK_INF", "ohos.permission.GET_NETWORK_INFO"),
        ("ohos.permissions.INTERNET", "ohos.permission.INTERNET"),
        ("ohos.permission.internet", "ohos.permission.INTERNET"),
        ("oho.permission.CAMERA", "ohos.permission.CAMERA"),
        ("harmonyos.permission.CAMERA", "ohos.permission.CAMERA"),
        ("ohos.permission.READ_PASTBOARD", "ohos.permission.READ_PASTEBOARD"),
        ("NSCameraUsageDesciption", "NSCameraUsageDescription"),
        ("NSContactUsageDescription", "NSContactsUsageDescription"),
        ("nscamerausagedescription", "NSCameraUsageDescription"),
        ("NSPhotoLibraryUsageDescriptions", "NSPhotoLibraryUsageDescription"),
    ]);
}

#[test]
fn of_two_equally_near_the_public_one_wins() {
    corrects(&[
        // One letter from BIND_CALL_SERVICE (internal) too.
        ("android.permission.BIND_NCALL_SERVICE", "android.permission.BIND_INCALL_SERVICE"),
        // One letter from RUN_ANY_CODE (internal) too.
        ("ohos.permission.RUN_DNY_CODE", "ohos.permission.RUN_DYN_CODE"),
        // Nearer is nearer, public or not.
        ("android.permission.ACCESS_WIMA_STATE", "android.permission.ACCESS_WIMAX_STATE"),
    ]);
}

#[test]
fn nothing_is_near() {
    let far = [
        "android.permission.FROBNICATE_ALL",
        "android.permission.READ_EVERYTHING",
        "android.permission.READ_MMS",
        "android.permission.ACCESS_LOCATION",
        "android.permission.STORAGE",
        // Near a name that apps carry and no system defines: no correction.
        "android.permission.ACCESS_COARSE_UPDATE",
        "android.permission.WRITE_EXTERNAL",
        "android.permission.ACCESS_NOTI",
        "BILLING",
        "android.permission.RECEIVE",
        "android.permission.READ_SETTINGS",
        "android.permission.READ_CONTACTS_PHOTOS",
        "android.permission.",
        "android.permission",
        "com.zte.launcher.permission.READ_SETTINGS",
        "com.huawai.andriod.launchr.permission.CHANGE_BADGE",
        "com.goggle.android.c2d.permission.RECEIVE",
        "com.example.app.permission.RECEIVE_ORDERS",
        "com.example.app.permission.CAMERA",
        "ohos.permission.READ_PHONE_STATE",
        "ohos.permission.FROBNICATE",
        "NSFrobnicationUsageDescription",
        "Camera",
        "location",
        "None",
        "权限",
        "",
    ];
    for written in far {
        assert_eq!(nearest(written), None, "{written}");
    }
    assert_eq!(nearest(&"A".repeat(100_000)), None);
}

#[test]
fn a_right_name_is_never_corrected() {
    for permission in all() {
        assert_eq!(nearest(permission.name), None);
        let of_an_app = permission.name.replace("${applicationId}", "com.example.app");
        assert_eq!(nearest(&of_an_app), None);
    }
}

/// Every public Android name of some length with one letter lost or two swapped: all but a few come back, and what
/// comes back instead is never a name that ordinary apps cannot use.
#[test]
fn one_slip_anywhere_is_corrected() {
    let (mut right, mut total) = (0, 0);
    let public: Vec<_> = all().filter(|p| p.platform == Platform::Android && p.public && !p.deprecated).collect();
    for permission in public.iter().step_by(13).filter(|p| p.short_name().len() >= 6) {
        let start = permission.name.len() - permission.short_name().len();
        for at in (start..permission.name.len() - 1).step_by(3) {
            let mut lost = permission.name.to_string();
            lost.remove(at);
            let mut swapped = permission.name.as_bytes().to_vec();
            swapped.swap(at, at + 1);
            for written in [lost, String::from_utf8(swapped).expect("ASCII")] {
                if find(&written).is_some() {
                    continue;
                }
                let found = nearest(&written);
                total += 1;
                right += usize::from(found == Some(permission.name));
                assert!(found.and_then(find).is_none_or(|p| p.public), "{written}: {found:?}");
            }
        }
    }
    assert!(total > 150, "{total}");
    assert!(right * 100 >= total * 97, "{right} of {total}");
}
