//! Records of a sharing list that are no SDKs: the courier gets an address, and no code of his is in the app.

use super::section::mentions_sdk;
use super::{DeclaredSdk, Field, Located};

/// Words that name a receiver by its trade. "Push" and "payment" are not among them: those trades come as SDKs.
#[rustfmt::skip]
const TRADES: &[&str] = &[
    "短信服务商", "短信平台", "短信网关", "短信通道", "短信验证码", "物流", "快递", "配送", "仓储", "银行", "保险", "客服外包",
    "关联公司", "关联方", "商家", "供应商", "审计", "律师", "律所", "政府", "监管", "司法机关", "征信", "印刷", "酒店", "航空公司", "旅行社",
    "logistics", "courier", "shipping", "delivery compan", "delivery partner", "bank", "insurance", "insurer", "affiliate",
    "sms gateway", "sms provider", "text message provider", "auditor", "law firm", "lawyer", "authorit", "merchant",
    "postal", "warehouse", "call center", "call centre",
];

/// Whether a record names someone who gets data but brings no code: nothing says SDK, no signature and no package is
/// there, and its name tells such a trade.
pub(super) fn is_receiver(record: &DeclaredSdk) -> bool {
    let words = |field: &Field<Located>| field.given().map(|words| words.text.to_lowercase()).unwrap_or_default();
    let (name, vendor) = (words(&record.name), words(&record.vendor));
    let plain = record.resolved.sdk.is_none() && record.packages.is_absent() && !record.says_sdk;
    plain
        && ![&name, &vendor, &words(&record.purpose)].into_iter().any(|words| mentions_sdk(words))
        && TRADES.iter().any(|trade| name.contains(trade) || name.is_empty() && vendor.contains(trade))
}
