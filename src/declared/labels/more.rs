//! Rarer words for the fields, and words that are labels only where they head a column.

use super::{Kind, STRONG, WEAK};

/// Words that are labels anywhere.
pub const MORE: &[(Kind, bool, &str)] = &[
    (
        Kind::Name,
        STRONG,
        "合作SDK|产品/SDK|SDK/产品|第三方代码/插件名称|第三方代码名称|工具名称|SDK工具名称|开源库名称|嵌入SDK|嵌入的SDK|集成SDK|集成的SDK|\
         接入SDK|接入的SDK|第三方组件|第三方组件名称|第三方SDK/服务名称|第三方SDK或服务名称|SDK/服务名称|第三方产品/服务|第三方产品或服务|\
         软件工具开发包名称|软件开发包名称|软件开发工具包名称|第三方工具|第三方库|第三方库名称|引入SDK|使用的SDK|Partner SDK|SDK title|SDK used|Embedded SDK|\
         Integrated SDK|Package/SDK|SDK/Service|SDK / Service|SDK/Product|Component|Third party component|Third party library",
    ),
    (
        Kind::Vendor,
        STRONG,
        "合作机构|合作机构名称|所属企业|归属公司|归属主体|归属方|技术提供方|SDK方名称|SDK方|SDK主体|第三方公司主体|公司/主体|Maker|Legal entity|Data recipient|\
         Business partner|Vendor entity|Provider company",
    ),
    (
        Kind::Package,
        STRONG,
        "SDK标识|SDK唯一标识|程序包名|程序包|包名/标识|代码包名|包名标识|SDK identifier|Package identifier|Package ID|SDK ID|Namespace|Bundle/Package|\
         Package/Bundle|Package prefixes",
    ),
    (
        Kind::Permission,
        STRONG,
        "调用的系统权限|申请的系统权限|使用的系统权限|Android权限|安卓权限|使用权限名称|使用的权限名称|手机权限|所涉权限|所涉及权限|所用权限|App permissions|\
         Permissions invoked|Needs permissions|Permissions called|Permission list",
    ),
    (
        Kind::Data,
        STRONG,
        "收集信息内容|信息内容|数据项|数据字段|收集的数据项|收集的数据字段|涉及的信息|涉及信息|涉及数据|共享信息字段|使用信息类型|使用的信息|使用的信息类型|Type of data|\
         Types of data|Type of information|Types of information|Shared data|What data|What data it collects|Data it receives|Data received|Data used|\
         Data fields|Fields collected|What is collected|Scope of information|Scope of data|Data it uses|Information received|Data we send|Data transmitted",
    ),
    (
        Kind::Purpose,
        STRONG,
        "用途说明|处理目的及方式|处理目的和方式|信息用途|功能用途|具体用途|用途描述|使用目的说明|目的说明|What for|Business purpose|We use it for|How we use it|\
         Intended use|What it's for|Used by us for",
    ),
    (Kind::Purpose, WEAK, "共享场景|合作场景|接入场景|适用场景|作用|主要作用"),
    (
        Kind::Link,
        STRONG,
        "隐私保护说明|隐私保护指引|个人信息保护规则|个人信息保护说明|个人信息保护声明|隐私说明|隐私文档|隐私规则|参考链接|详情链接|目标网址|查看详情|数据安全说明|隐私权政策地址|\
         隐私保护协议|隐私保护链接|隐私政策详情|合规说明|Policy link|Link to privacy policy|Link to policy|Vendor policy|Vendor privacy policy|Privacy terms|Policies|\
         Privacy page|Privacy documentation|Privacy info|Read their policy",
    ),
];

/// Words that head columns and mean too much elsewhere.
pub const HEADS: &[(Kind, &str)] = &[
    (
        Kind::Name,
        "服务名称|服务商产品|工具|产品|组件|插件|类库|开源库|Product|Software|Module|Kit|Integration|Plugin|Tracker|Dependency|Tool|Service|Service name|Third-party service|\
         Third Party|Technology|Solution",
    ),
    (Kind::Vendor, "Controller|Processor|By|From|Author|归属"),
    (Kind::Package, "Identifier|标识"),
    (Kind::Permission, "Access|Accesses"),
    (Kind::Data, "Information|Collects|Receives|Shares|内容|信息|数据"),
    (Kind::Purpose, "Use|Role|For|Goal"),
    (Kind::Link, "Details|Reference|See|Read more|Docs|Documentation|Further information|详情|参考|出处|查看"),
];
