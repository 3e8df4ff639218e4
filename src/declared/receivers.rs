//! Records of a sharing list that are no SDKs: the courier gets an address, and no code of his is in the app.

use super::section::mentions_sdk;
use super::{DeclaredSdk, Field, Located};

/// Words that name a receiver by its trade. "Push" and "payment" are not among them: those trades come as SDKs.
#[rustfmt::skip]
const TRADES: &[&str] = &[
    "短信服务商", "短信平台", "短信网关", "短信通道", "短信验证码", "短信服务", "短信发送", "物流", "快递", "速运", "速递", "货运", "配送", "仓储", "银行", "保险", "客服外包",
    "关联公司", "关联方", "商家", "供应商", "审计", "律师", "律所", "政府", "监管", "司法机关", "征信", "印刷", "酒店", "航空公司", "旅行社",
    "logistics", "courier", "shipping", "parcel service", "freight", "sf express", "dhl", "fedex", "delivery compan", "delivery partner", "bank", "insurance", "insurer", "affiliate",
    "sms gateway", "sms provider", "text message provider", "auditor", "law firm", "lawyer", "authorit", "merchant",
    "postal", "warehouse", "call center", "call centre",
];

/// Names that are such a trade whatever the head of their column says: those who fill in a table headed "SDK名称" put the courier
/// there, too.
#[rustfmt::skip]
const PLAIN_TRADES: &[&str] = &[
    "短信网关", "短信服务商", "短信平台", "短信通道", "速运", "速递", "快递", "物流", "货运", "保险公司", "sms gateway", "sms provider", "logistics",
    "courier", "sf express", "dhl", "fedex",
];

fn is_bank(name: &str) -> bool {
    ["银行", "银行股份有限公司", " bank", "bank co., ltd", "bank co., ltd."].iter().any(|end| name.ends_with(end))
}

/// Whether a record names someone who gets data but brings no code: nothing says SDK, no signature and no package is
/// there, and its name tells such a trade.
pub(super) fn is_receiver(record: &DeclaredSdk) -> bool {
    let words = |field: &Field<Located>| field.given().map(|words| words.text.to_lowercase()).unwrap_or_default();
    let (name, vendor) = (words(&record.name), words(&record.vendor));
    let unknown = record.resolved.sdk.is_none() && record.packages.given().is_none();
    let named = |trades: &[&str]| trades.iter().any(|trade| name.contains(trade));
    let trade = match record.says_sdk {
        true => named(PLAIN_TRADES) || is_bank(&name),
        false => named(TRADES) || name.is_empty() && TRADES.iter().any(|trade| vendor.contains(trade)),
    };
    unknown && trade && ![&name, &vendor, &words(&record.purpose)].into_iter().any(|words| mentions_sdk(words))
}
