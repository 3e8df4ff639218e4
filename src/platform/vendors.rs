//! Where the vendors of SDKs have their seat.

/// Vendor parts of signature ids whose companies are established outside mainland China and run their services from there (the
/// companies' own imprint or privacy pages). A vendor that is not named here may be anywhere.
const OUTSIDE_CHINA: [&str; 47] = [
    "adjust",
    "adobe",
    "adyen",
    "airship",
    "amazon",
    "amplitude",
    "applovin",
    "appsflyer",
    "branch",
    "braze",
    "bugsnag",
    "chartboost",
    "clevertap",
    "comscore",
    "criteo",
    "datadog",
    "dropbox",
    "facebook",
    "flurry",
    "foursquare",
    "google",
    "instabug",
    "intercom",
    "kakao",
    "klarna",
    "kochava",
    "line",
    "linkedin",
    "mapbox",
    "meta",
    "microsoft",
    "mixpanel",
    "newrelic",
    "onesignal",
    "paypal",
    "segment",
    "sentry",
    "snap",
    "square",
    "stripe",
    "tapjoy",
    "twilio",
    "twitter",
    "unity",
    "vungle",
    "yandex",
    "zendesk",
];

/// Whether the vendor of the SDK with this id is known to have its seat outside mainland China.
pub fn is_outside_china(sdk_id: &str) -> bool {
    let vendor = sdk_id.split('.').next().unwrap_or_default();
    OUTSIDE_CHINA.binary_search(&vendor).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_vendor_part_of_an_id() {
        assert!(OUTSIDE_CHINA.is_sorted());
        assert!(is_outside_china("paypal.checkout") && is_outside_china("google.firebase"));
        assert!(!is_outside_china("getui.push") && !is_outside_china("paypalish.x") && !is_outside_china(""));
    }
}
