//! The words that policies put before a field, in one table.

mod more;
mod variants;

use crate::signatures::fold_name;
use more::{HEADS, MORE};
use std::collections::HashMap;
use std::sync::OnceLock;
use variants::{by_its_end, simplified};

/// Which field a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// SDK name.
    Name,
    /// Company.
    Vendor,
    /// Package names.
    Package,
    /// Permission names.
    Permission,
    /// Purpose.
    Purpose,
    /// Data handled.
    Data,
    /// Links.
    Link,
    /// How data is handled or shared.
    Method,
    /// Operating system.
    Platform,
    /// A known label of something that is not kept; it ends the field before it.
    Other,
}

/// A recognised label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The field.
    pub kind: Kind,
    /// A weaker label gives way to a stronger one of the same kind ("usage scenario" to "purpose").
    pub weak: bool,
    /// The label itself says SDK, so a record with it needs no further proof that it is one.
    pub says_sdk: bool,
    /// The label asks for a site as well ("SDK包名/网址"), so that a host is a right answer.
    pub takes_site: bool,
}

const STRONG: bool = false;
const WEAK: bool = true;

/// Kind, whether weak, and the words between bars; matching folds case, width, spaces and punctuation.
const LABELS: &[(Kind, bool, &str)] = &[
    (
        Kind::Name,
        STRONG,
        "SDK名称|使用SDK名称|合作SDK名称|第三方SDK名称|三方SDK名称|接入SDK名称|接入的SDK名称|集成SDK名称|SDK|\
         第三方SDK|三方SDK|SDK中文名称|SDK名|名称|产品名称|第三方产品名称|插件名称|组件名称|SDK/插件名称|\
         SDK或插件名称|第三方插件名称|SDK服务名称|第三方服务名称|SDK产品名称|合作伙伴SDK名称|SDK Name|SDK Names|\
         Name of SDK|Name of the SDK|Third party name|Third party SDK|Third party SDK name|Third party SDKs|\
         Name of third party SDK|SDKs|Name|Product name|Library|Library name|SDK/Library|SDK or library|\
         Component name|Plugin name",
    ),
    (Kind::Name, WEAK, "功能类型|服务名称|服务|Service|Service name|Third party service|第三方服务|Tool"),
    (
        Kind::Vendor,
        STRONG,
        "公司名称|所属公司|公司|公司主体|企业名称|运营方|运营公司|运营主体|运营者|第三方主体|第三方主体名称|\
         第三方名称|第三方公司名称|第三方公司|第三方机构名称|第三方机构|第三方|服务提供方|服务提供商|服务提供者|\
         服务商|提供方|提供商|提供者|供应商|开发者|开发者名称|开发商|开发公司|开发主体|开发方|开发单位|SDK开发者|\
         SDK开发者名称|所属机构|机构名称|所属主体|主体名称|主体|SDK厂商|厂商|厂商名称|SDK提供方|SDK提供商|\
         SDK服务提供方|第三方SDK提供方|第三方SDK提供商|SDK公司名称|SDK所属公司|SDK所属机构|SDK运营方|合作方主体|\
         合作方|合作方名称|合作伙伴|合作伙伴名称|接收方|接收方名称|接收方主体|数据接收方|个人信息接收方|\
         个人信息处理者名称|关联公司|Third party developer entity|Third party developer|Developer entity|\
         Developer|Developer name|Developed by|Vendor|Vendor name|SDK vendor|Provider|Provider name|SDK provider|\
         SDK developer|Service provider|Supplier|Company|Company name|Company entity|Operator|Operating company|\
         Operating entity|Third party|Third party entity|Third party company|Third party provider|\
         Third party company name|Recipient|Recipient name|Owner|Publisher|Entity|Partner|Manufacturer|\
         Organization|Organisation|Provided by|Made by|Operated by",
    ),
    (
        Kind::Package,
        STRONG,
        "包名|包名信息|包名称|SDK包名|SDK包名信息|SDK包名/网址|SDK包名称|包|包名/类名|类名|SDK类名|应用包名|\
         Android包名|安卓包名|Package|Packages|Package name|Package names|Package name information|\
         SDK package name|SDK package|SDK packages|Package name of SDK|SDK package names|Package identifier|\
         Java package|Android package|Android package name|Package prefix",
    ),
    (
        Kind::Permission,
        STRONG,
        "权限|使用的权限|使用权限|涉及权限|涉及的权限|所需权限|需要的权限|需要权限|调用权限|调用的权限|\
         使用的敏感权限|敏感权限|申请的权限|申请权限|获取权限|获取的权限|系统权限|权限名称|权限信息|权限列表|\
         SDK权限|SDK使用的权限|SDK申请的权限|SDK调用权限|SDK所需权限|相关权限|权限申请|Permission|Permissions|\
         Permission used|Permissions used|Used permissions|Permission names|Permission name|Required permissions|\
         Permissions required|Requested permissions|Permissions requested|SDK permissions|Sensitive permissions|\
         System permissions|Permission information|Android permissions|Permissions accessed|Permissions needed",
    ),
    // Words like "read external storage" stand behind these; only permission names are taken from them.
    (
        Kind::Permission,
        WEAK,
        "调用的设备权限|调用设备权限|设备权限|涉及的设备权限|可能调用的设备权限|Device permissions invoked|\
         Device permission invoked|Device permissions|Device permissions called|Device permissions used",
    ),
    (
        Kind::Purpose,
        STRONG,
        "使用目的|目的|用途|用途和目的|目的和用途|收集目的|收集使用目的|收集和使用目的|共享目的|处理目的|\
         使用用途|SDK用途|SDK使用目的|收集信息目的|收集个人信息目的|收集个人信息的目的|收集信息的目的|\
         使用信息的目的|信息使用目的|个人信息使用目的|个人信息处理目的|处理个人信息的目的|目的及用途|\
         使用目的及功能|接入目的|合作目的|合作用途|集成目的|使用目的及场景|使用目的和场景|使用场景及目的|\
         使用场景和目的|使用场景/目的|SDK主要用途|主要用途|Purpose|Purposes|Purpose of SDK|SDK Purpose|\
         Purpose of use|Purpose of the SDK|Use purpose|Usage purpose|Purpose of usage|Purpose of collection|\
         Purpose of processing|Purpose of sharing|Purpose of data collection|Collection purpose|\
         Processing purpose|Sharing purpose|Used for|Purpose and use|Why|Why we use it|What it is used for|What it does|What we use it for|Used to|Reason|Usage",
    ),
    (
        Kind::Purpose,
        WEAK,
        "使用场景|应用场景|业务场景|场景|场景描述|功能|功能描述|功能说明|功能/服务|功能及服务|主要功能|SDK功能|\
         SDK描述|描述|SDK简介|业务功能|产品功能|实现功能|使用功能|服务内容|SDK说明|SDK功能描述|SDK使用场景|\
         Usage scenario|Usage scenarios|Use scenario|Use case|Scenario|Application scenario|Function|Functions|\
         Features|Description|Functionality|Feature|Usage scenarios of SDK",
    ),
    (
        Kind::Data,
        STRONG,
        "涉及个人信息|涉及的个人信息|涉及的个人信息类型|涉及个人信息类型|收集个人信息类型|收集个人信息的类型|\
         收集的个人信息类型|收集的个人信息|收集个人信息|收集信息|收集的信息|收集信息范围|收集信息类型|\
         收集的信息类型|收集信息的类型|收集内容|收集数据|收集的数据|收集数据类型|收集数据范围|收集范围|信息类型|\
         数据类型|信息收集范围|信息收集类型|处理的个人信息类型|处理个人信息类型|处理的个人信息|处理的信息|\
         处理的数据类型|可能获取的个人信息类型|可能获取的个人信息|获取的个人信息|获取个人信息|获取的信息|\
         获取信息|可能收集的个人信息|可能收集的信息|可能收集的个人信息类型|收集个人信息范围|收集的个人信息范围|\
         个人信息类型|个人信息种类|个人信息字段|个人信息范围|个人信息内容|共享信息名称|共享信息|共享的信息|\
         共享的个人信息|共享个人信息|共享个人信息类型|共享的个人信息类型|共享信息类型|共享内容|共享数据|\
         共享数据类型|使用信息|信息名称|使用的个人信息|SDK收集信息|SDK收集的信息|SDK收集信息范围|\
         SDK收集的信息范围|SDK收集的个人信息|SDK收集的个人信息类型|SDK收集个人信息类型|SDK收集个人信息的范围|\
         收集或共享的个人信息|收集/使用的个人信息|收集个人信息字段|收集信息字段|收集字段|信息字段|收集个人信息情况|收集个人信息明细|收集、使用的个人信息|采集信息|采集的信息|\
         采集数据|采集个人信息|收集使用信息|收集使用的个人信息|收集和使用的信息|个人信息收集范围|提供的信息|\
         敏感信息|Scope of information collected|Scope of information collected by SDK|\
         The scope of information collected by SDK|Scope of personal information collected|\
         Scope of data collected|Scope of collection|Information collected|Information collected by SDK|\
         Personal information|Personal information type|Personal information types|Types of personal information|\
         Type of personal information|Personal information collected|Types of personal information collected|\
         Type of personal information collected|Personal information involved|\
         Possible types of personal information to be obtained|Types of information collected|\
         Type of information collected|Types of data collected|Data collected|Collected data|\
         Collected information|Data types|Data type|Data|Data shared|Information shared|Shared information|\
         Personal data|Personal data collected|Types of personal data|Types of personal data collected|\
         Data categories|Categories of personal data|Categories of personal information|Categories of information|Categories of data collected|Data elements|Data points|Personal data categories|Categories of data|Information type|Information types|Data accessed|Data processed|\
         Personal data processed|Data handled|Information obtained|Personal information obtained|Information we share|What we share|What it collects|\
         Data it collects|Information it collects|Data we share",
    ),
    (
        Kind::Link,
        STRONG,
        "隐私政策链接|隐私权政策链接|隐私政策|隐私权政策|隐私协议|隐私条款|隐私声明|隐私链接|隐私政策网址|\
         隐私政策地址|隐私政策URL|隐私协议链接|隐私条款链接|隐私声明链接|隐私保护声明|隐私保护政策|SDK隐私政策|\
         SDK隐私政策链接|SDK隐私权政策链接|SDK隐私协议|第三方隐私政策|第三方隐私政策链接|\
         第三方隐私政策或官网链接|第三方个人信息处理规则|个人信息处理规则|个人信息保护政策|官网链接|官网|\
         官网地址|官方网站|官方网站链接|官方链接|网址|链接|相关链接|网站|网站链接|第三方官网链接|SDK官网|\
         SDK官网链接|SDK网址|SDK链接|目的网址|隐私政策/官网链接|隐私政策或官网链接|隐私政策与官网链接|\
         个人信息保护规则链接|第三方链接|SDK链接地址|链接地址|合规使用说明|合规指南|Privacy Policy Link|\
         Privacy Policy Link/Official Website|Privacy policy|Privacy policy URL|Privacy link|Privacy|\
         Privacy notice|Privacy policy address|Privacy statement|Official website|Official website link|\
         Official site|Website|Website link|Link|Links|URL|Homepage|Official website/privacy policy|\
         SDK privacy policy|SDK privacy policy link|Third party privacy policy|Third party privacy policy link|\
         Terms and privacy|Web site|Official link|Project page|More information|Learn more|Policy|\
         Their policy|Their privacy policy|Their privacy notice|More|More info",
    ),
    (
        Kind::Method,
        STRONG,
        "收集方式|共享方式|处理方式|信息收集方式|个人信息收集方式|使用方式|获取方式|数据处理方式|合作方式|\
         传输方式|信息处理方式|个人信息处理方式|收集个人信息的方式|收集个人信息方式|SDK收集方式|SDK处理方式|\
         Sharing mode|Sharing method|Processing method|Collection method|Method of collection|\
         Method of processing|Method of sharing|Processing mode|Collection mode|Method",
    ),
    (Kind::Method, WEAK, "Data processing method|数据安全措施|安全措施|安全保护措施|数据处理说明"),
    (
        Kind::Platform,
        STRONG,
        "终端|平台|适用平台|适用系统|操作系统|系统|系统平台|应用平台|适用终端|客户端|Client|Platform|Platforms|\
         Operating system|OS|Terminal",
    ),
    (
        Kind::Other,
        STRONG,
        "必要性说明|必要性|特别说明|特别提示|权限说明|备注|说明|类型|类别|SDK类型|SDK类别|服务类型|服务类别|\
         SDK版本|版本|版本号|法律依据|联系方式|联系电话|联系邮箱|存储期限|保存期限|存储地点|是否出境|是否必选|\
         是否必要|序号|编号|频率|收集频率|敏感程度|注册地|地址|收集时机|时机|Version|SDK version|Category|Type|\
         Note|Notes|Remark|Remarks|Legal basis|Contact|Retention|Retention period|Necessity|Licence|License|No.|\
         Number|Frequency|Address|Email",
    ),
];

/// The label that `text` is, whatever its case, width, spacing and punctuation; `None` for all other text.
pub(super) fn lookup(text: &str) -> Option<Label> {
    // A label is short. Cutting off early keeps prose with a colon far behind from costing anything.
    if text.chars().nth(MAX_LABEL).is_some() {
        return None;
    }
    lookup_inside(text).or_else(|| by_its_end(text))
}

/// The label at the head of a column: also "Opt-out / privacy policy", which holds links whatever stands beside it.
pub(super) fn lookup_head(text: &str) -> Option<Label> {
    let is_link = |label: &Label| label.kind == Kind::Link;
    let short = text.chars().nth(MAX_LABEL).is_none();
    let part = || text.split(['/', '、', '&']).filter_map(exact).find(is_link);
    let by_word = || {
        let folded = fold_name(&simplified(text));
        let (kind, _) = HEADS.iter().find(|(_, words)| words.split('|').any(|word| fold_name(word) == folded))?;
        Some(Label { kind: *kind, weak: false, says_sdk: false, takes_site: false })
    };
    lookup(text)
        .filter(|label| !label.weak || label.kind != Kind::Name)
        .or_else(|| if short { part().or_else(by_word).or_else(|| lookup(text)) } else { None })
}

/// The same in the middle of a line, where what stands before a label may look like its beginning.
pub(super) fn lookup_inside(text: &str) -> Option<Label> {
    if text.chars().nth(MAX_LABEL).is_some() {
        return None;
    }
    exact(text).or_else(|| without_brackets(text)).or_else(|| compound(text))
}

/// Longest label in characters.
pub(super) const MAX_LABEL: usize = 60;

fn exact(text: &str) -> Option<Label> {
    let folded = fold_name(&simplified(text));
    // "SDK1：", "SDK 2：".
    let folded = match folded.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "sdk" => "sdk".to_owned(),
        _ => folded,
    };
    let found = |word: &str| table().get(word).or_else(|| table().get(word.replace('的', "").as_str())).copied();
    let (kind, weak) = found(&folded).or_else(|| found(&bare(&folded)?))?;
    let takes_site = ["网址", "官网", "url", "website"].iter().any(|word| folded.contains(word));
    Some(Label { kind, weak, says_sdk: folded.contains("sdk"), takes_site })
}

/// "使用目的（场景）" is "使用目的".
fn without_brackets(text: &str) -> Option<Label> {
    let open = text.find(['(', '（', '['])?;
    if open == 0 || !text.trim_end().ends_with([')', '）', ']']) {
        return None;
    }
    exact(&text[..open])
}

/// "目的/用途", "开发者或公司名称": every part is a label of its own; the first one decides.
fn compound(text: &str) -> Option<Label> {
    let parts: Vec<&str> = ["/", "或", "及", "和", "与", "、", "&", " or ", " and "]
        .iter()
        .find(|separator| text.contains(**separator))
        .map(|separator| text.split(*separator).collect())?;
    let labels: Option<Vec<Label>> = parts.iter().map(|part| exact(part)).collect();
    let labels = labels?;
    let first = *labels.first()?;
    let any = |tells: fn(&Label) -> bool| labels.iter().any(tells);
    Some(Label { says_sdk: any(|label| label.says_sdk), takes_site: any(|label| label.takes_site), ..first })
}

/// Takes away what writers put around a label: "第三方SDK…", "The … of the SDK".
fn bare(folded: &str) -> Option<String> {
    const BEFORE: &[&str] = &[
        "第三方sdk的",
        "第三方sdk",
        "三方sdk",
        "该sdk",
        "sdk的",
        "sdk",
        "第三方",
        "三方",
        "合作方",
        "其",
        "可能",
        "所",
        "thesdk",
        "thirdpartysdk",
        "thirdparty",
        "the",
    ];
    const AFTER: &[&str] =
        &["bythirdpartysdk", "ofthirdpartysdk", "bythesdk", "ofthesdk", "bysdk", "ofsdk", "fromsdk", "如下", "包括"];
    let mut rest = folded;
    if let Some(cut) = BEFORE.iter().find_map(|affix| rest.strip_prefix(affix)) {
        rest = cut;
    }
    if let Some(cut) = AFTER.iter().find_map(|affix| rest.strip_suffix(affix)) {
        rest = cut;
    }
    (rest.len() < folded.len() && rest.chars().count() >= 2).then(|| rest.to_owned())
}

fn table() -> &'static HashMap<String, (Kind, bool)> {
    static TABLE: OnceLock<HashMap<String, (Kind, bool)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for &(kind, weak, words) in LABELS.iter().chain(MORE) {
            for word in words.split('|') {
                let folded = fold_name(word);
                table.entry(folded.replace('的', "")).or_insert((kind, weak));
                table.entry(folded).or_insert((kind, weak));
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Kind> {
        lookup(text).map(|label| label.kind)
    }

    #[test]
    fn synonyms_of_one_field_meet() {
        for text in
            ["SDK Name", "sdk name", "ＳＤＫ名称", "使用SDK名称", "合作SDK名称", "Third party name", "第三方 SDK 名称"]
        {
            assert_eq!(kind(text), Some(Kind::Name), "{text}");
        }
        for text in [
            "运营方",
            "SDK厂商",
            "第三方SDK提供方",
            "接收方名称",
            "第三方名称",
            "Third party developer entity",
            "公司名称",
        ] {
            assert_eq!(kind(text), Some(Kind::Vendor), "{text}");
        }
        for text in ["SDK包名/网址", "包名信息", "Package name information"] {
            assert_eq!(kind(text), Some(Kind::Package), "{text}");
        }
        for text in [
            "可能获取的个人信息类型",
            "The scope of information collected by SDK",
            "收集个人信息的类型",
            "第三方SDK收集的个人信息",
        ] {
            assert_eq!(kind(text), Some(Kind::Data), "{text}");
        }
        for text in
            ["Privacy Policy Link/Official Website", "第三方隐私政策或官网链接", "隐私政策/官网", "SDK隐私权政策链接"]
        {
            assert_eq!(kind(text), Some(Kind::Link), "{text}");
        }
        assert_eq!(kind("使用目的（业务场景）"), Some(Kind::Purpose));
        assert_eq!(kind("收集方式"), Some(Kind::Method));
    }

    #[test]
    fn weak_labels_are_told_from_strong_ones() {
        assert!(lookup("Usage scenario").unwrap().weak && !lookup("Purpose of SDK").unwrap().weak);
        assert!(lookup("Device permissions invoked").unwrap().weak && !lookup("Permission used").unwrap().weak);
        assert!(lookup("SDK名称").unwrap().says_sdk && !lookup("名称").unwrap().says_sdk);
    }

    #[test]
    fn words_of_the_prose_are_no_labels() {
        for text in [
            "设备信息",
            "Payment related information",
            "User basic information",
            "https",
            "应用信息",
            "Memory card permission / file storage function",
            "",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn no_word_stands_under_two_fields() {
        let mut seen: HashMap<String, (Kind, bool)> = HashMap::new();
        for &(kind, weak, words) in LABELS.iter().chain(MORE) {
            for word in words.split('|') {
                if let Some(other) = seen.insert(fold_name(word), (kind, weak)) {
                    assert_eq!(other, (kind, weak), "{word} is in two rows");
                }
            }
        }
    }
}
