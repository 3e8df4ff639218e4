//! One app that has everything: for oracles, determinism and anything else that wants an ordinary, complete input.

use super::axml::Attribute;
use super::dex::{ABSTRACT, INTERFACE, NATIVE, PUBLIC, STATIC};
use super::{ApkBuilder, Arg, Arsc, Class, Component, Dex, FieldRef, Invoke, Method, MethodRef, Op, Payload, Value};

/// Application id of the sample.
pub const APP: &str = "com.example.meter";

/// An app with one of everything.
pub fn everything() -> ApkBuilder {
    let mut table = Arsc::new(APP);
    let label = table.string("app_name", "Meter");
    table.localized(label, "zh", "电表");
    let version = table.string("version", "4.2-beta");
    let alias = table.reference("string", "version_alias", version);
    ApkBuilder::new(APP)
        .version_code(420)
        .version_name(Value::Reference(alias))
        .min_sdk(21)
        .target_sdk("VanillaIceCream")
        .application_attribute(Attribute::android("label", Value::Reference(label)))
        .uses_permission("android.permission.INTERNET")
        .uses_permission_max("android.permission.CAMERA", 18)
        .uses_permission_sdk_23("android.permission.READ_PHONE_STATE")
        .uses_permission("android.permission.INTERNET")
        .defines_permission("com.example.meter.permission.SYNC", 2)
        .uses_feature("android.hardware.nfc", true)
        .uses_feature("android.hardware.camera", false)
        .queries_package("com.tencent.mm")
        .queries_intent("android.intent.action.SEND")
        .queries_provider("com.example.other.files")
        .component(Component::activity("com.example.meter.Main").exported(true).launcher())
        .component(Component::activity_alias("com.example.meter.Entry", "com.example.meter.Main"))
        .component(Component::service("com.vendor.push.PushService").android("process", ":push"))
        .component(Component::receiver("com.vendor.push.BootReceiver").action("android.intent.action.BOOT_COMPLETED"))
        .component(Component::provider("com.vendor.push.Init", "com.example.meter.push").meta_data("init", true))
        .meta_data("PUSH_APPID", "id-1")
        .meta_data("PUSH_CHANNEL", 7)
        .meta_data("PUSH_NAME", Value::Reference(label))
        .meta_data_resource("PUSH_ICON", label)
        .resources(table.build())
        .dex(&main_dex())
        .dex(&Dex::new().version(39).classes(&["com.vendor.push.Helper"]))
        .native_lib("arm64-v8a", "libpush.so")
        .native_lib("armeabi-v7a", "libpush.so")
        .asset("data/config.xml", "<config/>")
        .meta_inf("com.vendor_push.version", "3.1.0")
        .store("resources.arsc")
        .store("lib/arm64-v8a/libpush.so")
}

/// `Settings.Secure.getString`, whose second argument says what is read.
pub fn get_string() -> MethodRef {
    MethodRef::new(
        "android.provider.Settings$Secure",
        "getString",
        "(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;",
    )
}

/// Its first dex file. The subclass is asked for before its superclass; strings beyond the basic plane sort otherwise than as UTF-8.
pub fn main_dex() -> Dex {
    let device_id = MethodRef::new("android.telephony.TelephonyManager", "getDeviceId", "()Ljava/lang/String;");
    let imei = MethodRef::new("android.telephony.TelephonyManager", "getImei", "(I)Ljava/lang/String;");
    let query = Method::new("query", "(Landroid/telephony/TelephonyManager;JD)Ljava/lang/String;")
        .flags(STATIC)
        .call(Invoke::Static, &get_string(), &[Arg::Int(0), Arg::Str("android_id")])
        .op(Op::MoveResultObject(0))
        .op(Op::SgetObject(1, FieldRef::new("android.os.Build", "SERIAL", "java.lang.String")))
        .op(Op::Decoy(Payload::FillArrayData, vec![Op::Invoke(Invoke::Virtual, imei.clone(), vec![0, 1])]))
        .op(Op::Decoy(Payload::PackedSwitch, vec![Op::Invoke(Invoke::Virtual, imei.clone(), vec![0, 1])]))
        .op(Op::Decoy(Payload::SparseSwitch, vec![Op::Invoke(Invoke::Virtual, imei, vec![0, 1])]))
        .op(Op::InvokeRange(Invoke::Virtual, device_id, 2, 1))
        .op(Op::ConstStringJumbo(1, "jumbo".into()))
        .op(Op::ReturnObject(0));
    Dex::new()
        .class(
            Class::new("com.example.meter.Main").superclass("com.example.meter.Base").implements("com.vendor.push.Api"),
        )
        .class(Class::new("com.example.meter.Base").superclass("android.app.Activity").source_file("Base.java"))
        .class(
            Class::new("com.vendor.push.Api")
                .access(PUBLIC | INTERFACE | ABSTRACT)
                .method(Method::new("a", "()V").flags(ABSTRACT)),
        )
        .class(
            Class::new("com.vendor.push.Core")
                .static_string("VERSION", "3.1.0")
                .static_int("BUILD", -7)
                .method(Method::new("<init>", "()V"))
                .method(Method::new("nativeInit", "([[I)Z").flags(NATIVE))
                .method(query),
        )
        .references_type("com.referenced.Only")
        .references_method(MethodRef::new("com.referenced.Api", "ping", "()V"))
        .string("com.string.Only")
        .string("\u{1f600} sorts before \u{ff21} in UTF-16")
        .string("\u{ff21} fullwidth, \0 and é")
}
