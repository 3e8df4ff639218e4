//! The declared list itself: fields that records lack.

use super::{Case, Finding, Rule, Sink};
use crate::declared::{DeclaredSdk, Field};
use crate::lang::Text;

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    for (number, record) in case.declaration.records.iter().enumerate() {
        let sdk = case.records.iter().find(|verdict| verdict.record == number).and_then(|verdict| verdict.sdk.clone());
        let name = record.title();
        // Packages and permissions are asked of Android records only.
        let of_android = record.concerns_android();
        let asked = |field: &str| of_android || !matches!(field, "package" | "permissions");
        for (field, label) in missing(record).into_iter().filter(|(field, _)| asked(field)) {
            let subject = format!("{}/{field}", sdk.as_ref().unwrap_or(&name));
            let finding = Finding::new(
                Rule::MissingField,
                subject,
                Text::new(
                    format!("the record \"{name}\" does not say its {}", label.en),
                    format!("条目“{name}”没有写明{}", label.zh),
                ),
                Text::new("add the field; write \"None\" where there is nothing", "请补充该字段；如没有，请写“无”"),
            );
            let finding = finding
                .detail(Text::new("record", "条目"), Text::same(&name))
                .detail(Text::new("field", "字段"), label);
            sink.emit(finding.declared(case.at(record.place(), &name)));
        }
    }
}

/// Fields of the default profile that are absent.
fn missing(record: &DeclaredSdk) -> Vec<(&'static str, Text)> {
    fn absent<T>(field: &Field<T>) -> bool {
        matches!(field, Field::Absent)
    }
    let fields = [
        ("name", absent(&record.name), Text::new("name", "名称")),
        ("vendor", absent(&record.vendor), Text::new("vendor", "开发者")),
        ("package", absent(&record.packages), Text::new("package name", "包名")),
        ("permissions", absent(&record.permissions), Text::new("permissions", "权限")),
        ("purpose", absent(&record.purpose), Text::new("purpose", "使用目的")),
        ("data", absent(&record.data), Text::new("scope of data", "信息范围")),
        ("link", absent(&record.links), Text::new("link", "链接")),
    ];
    fields.into_iter().filter(|(_, absent, _)| *absent).map(|(field, _, label)| (field, label)).collect()
}
