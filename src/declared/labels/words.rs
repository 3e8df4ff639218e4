//! The table of labels.

use super::Kind;

const STRONG: bool = false;
const WEAK: bool = true;

/// Kind, whether weak, and the words between bars; matching folds case, width, spaces and punctuation.
pub(super) const LABELS: &[(Kind, bool, &str)] = &[
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
    // Words that are rarer.
    (
        Kind::Name,
        STRONG,
        "合作SDK|产品/SDK|第三方代码/插件名称|工具名称|开源库名称|嵌入SDK|集成SDK|第三方组件|第三方组件名称|SDK工具名称|第三方产品/服务|\
         软件工具开发包名称|软件开发包名称|软件开发工具包名称|第三方软件工具开发包|第三方软件开发包|软件开发包|软体开发包|第三方软体开发包|第三方SDK/服务名称|\
         SDK/组件名称|开源组件|开源组件名称|第三方库|第三方库名称|第三方工具名称|引入SDK|引入SDK名称|嵌入的SDK|接入的SDK|接入SDK|\
         集成的SDK|使用的SDK|使用SDK|涉及的SDK|所用SDK|第三方包|第三方开源库|SDK标题|SDK或服务名称|SDK/第三方服务名称|\
         第三方代码名称|工具包名称|第三方产品|第三方软件|Partner SDK|SDK title|SDK used|Embedded SDK|Integrated SDK|\
         Package/SDK|SDK product|SDK component|Third party library|Third party libraries|\
         Third party component|Third party product|Third party tool|Third party software|\
         Kit|Software component|Embedded library|SDK/Service|SDK or service|SDK/Tool|\
         SDK in use|Software development kit",
    ),
    (
        Kind::Name,
        WEAK,
        "服务产品|第三方产品和服务|功能名称|Component|Product|Software|Module|Integration|Plugin|\
         Tracker|Dependency|Tool name|Library used|Third party tool name|Service used",
    ),
    (
        Kind::Vendor,
        STRONG,
        "合作机构|合作机构名称|所属企业|归属公司|归属企业|归属主体|归属方|技术提供方|SDK方名称|SDK主体|SDK主体名称|SDK公司|SDK提供者|\
         SDK供应商|业者|业者名称|营运商|营运主体|营运方|服务供应商|服务运营方|软件提供方|技术服务方|技术支持方|境内主体|签约主体|开发企业|\
         开发机构|所有者|所有方|第三方运营者|第三方提供方|第三方开发者|Maker|Legal entity|Business partner|Data recipient|\
         Company behind it|SDK owner|SDK company|SDK publisher|Offered by|Supplied by|\
         Vendor/Company|Corporate entity|Controller|Processor",
    ),
    (Kind::Vendor, WEAK, "By|From"),
    (
        Kind::Package,
        STRONG,
        "SDK标识|SDK唯一标识|SDK标识符|程序包名|程序包名称|包名/标识|包标识|包标识符|代码包名|代码包名称|包识别码|封装名称|应用程序包名称|\
         应用程序包名|标识符|SDK包|SDK identifier|Package ID|SDK ID|Namespace|Bundle/Package|\
         Java namespace|Package namespace|Artifact package|Java package name|Application package",
    ),
    (Kind::Package, WEAK, "Identifier|Bundle ID|标识"),
    (
        Kind::Permission,
        STRONG,
        "调用的系统权限|申请的系统权限|使用的系统权限|涉及的系统权限|Android权限|安卓权限|使用权限名称|申请权限名称|手机权限|所涉权限|所用权限|\
         涉及权限名称|装置权限|存取权限|要求的权限|要求权限|需申请的权限|需要申请的权限|申请的Android权限|权限名|系统权限名称|可能调用的权限|\
         可能申请的权限|App permissions|Permissions invoked|Needs permissions|Permissions called|\
         Permission requested|Permission required|Permissions involved|Android permission|\
         Manifest permissions|App permissions used|Requires permissions",
    ),
    (Kind::Permission, WEAK, "权限用途|Access"),
    (
        Kind::Data,
        STRONG,
        "收集信息内容|信息内容|数据项|信息项|收集之信息|收集的信息内容|收集信息项|个人信息类别|信息类别|数据类别|分享的信息|分享信息|分享的数据|\
         收集之个人信息|获取的数据|获取数据|获取信息类型|获取信息范围|处理信息|处理个人信息|收集的数据项|采集内容|采集范围|采集字段|采集信息类型|\
         数据内容|数据字段|数据范围|读取的信息|上传的信息|可能收集的数据|使用的信息|使用的数据|Type of data|Types of data|\
         Type of information|Types of information|Kind of data|Kinds of data|Shared data|\
         What data|Data it receives|Data received|Data used|Data obtained|Data it processes|\
         Data it shares|Data gathered|Data handled by the SDK|Scope of information|\
         Fields collected|What is collected|What is shared|What data is collected|\
         Data fields|Data items|Data involved|Information processed|Information received|\
         Information used|Information accessed|Information gathered|Personal data shared|\
         Personal information shared|Personal information processed|Data scope|Scope of data",
    ),
    (Kind::Data, WEAK, "Collects|Receives|Information|Processes"),
    (
        Kind::Purpose,
        STRONG,
        "用途说明|处理目的及方式|处理目的和方式|信息用途|作用|功能用途|具体用途|特定目的|引入目的|嵌入目的|调用目的|SDK作用|使用原因|使用理由|\
         目的说明|数据用途|Use|What for|Business purpose|We use it for|How we use it|Intended use|\
         Purpose of integration|Reason for use|Used to do|Why it is used|Why is it used|\
         What is it for|Purpose of data use|Objective|Aim",
    ),
    (Kind::Purpose, WEAK, "共享场景|Role|Business scenario|Service description|Functional description|Use in the app"),
    (
        Kind::Link,
        STRONG,
        "隐私保护说明|隐私保护指引|个人信息保护规则|隐私说明|隐私文档|参考链接|详情链接|目标网址|查看详情|数据安全说明|隐私权声明|隐私权政策网址|\
         隐私政策文档|隐私政策详情|隐私条款网址|隐私规则|隐私指引|隐私政策或链接|第三方政策|政策链接|协议链接|文档链接|说明文档|个人信息保护声明|\
         数据保护声明|隐私中心|隐私政策及官网|隐私声明网址|Policy link|Link to privacy policy|Vendor policy|\
         Privacy terms|Policies|Link to policy|Vendor privacy policy|Provider privacy policy|\
         Policy URL|Privacy page|Privacy center|Privacy information|Privacy details|\
         Data policy|Data protection notice|Privacy docs|Read more|Details and privacy policy|\
         Privacy and terms",
    ),
    (
        Kind::Link,
        WEAK,
        "详情|Details|Reference|See|Docs|Documentation|Further information|See also|\
         Source|出处|来源",
    ),
];
