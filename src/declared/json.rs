//! Canonical JSON (what `sdkaudit extract` prints, or a bare array of its records) → records, with positions.

mod comments;
mod foreign;
mod practices;

use super::json_tree::{Member, Node, Value, parse};
use super::source::Source;
use super::{
    AppPermissions, Content, DeclaredError, DeclaredSdk, Field, Form, JsonProblem, Located, Statement, StatementKind,
    value,
};
use crate::lang::Text;

const DOCUMENT_KEYS: &[&str] = &[
    "schema_version",
    "document",
    "has_sdk_list",
    "sdks",
    "receivers",
    "app_permissions",
    "statements",
    "form",
    "data_practices",
    "tracking_domains",
];
const RECORD_KEYS: &[&str] = &[
    "name",
    "vendor",
    "packages",
    "permissions",
    "purpose",
    "data",
    "data_types",
    "links",
    "method",
    "platform",
    "line",
    "column",
    "fields",
    "sdk_id",
    "resolved_by",
    "confidence",
    "candidates",
    "within",
];
const PERMISSION_KEYS: &[&str] = &["android", "ios", "harmonyos"];
const STATEMENT_KEYS: &[&str] = &["kind", "quote", "name", "link", "line", "column"];

/// Reads the document.
///
/// # Errors
/// [`DeclaredError::Json`] with every unknown key and wrong type, or the place where the JSON itself breaks.
pub(super) fn read(source: &Source) -> Result<Content, DeclaredError> {
    let fail = |problems| DeclaredError::Json { problems };
    let root = match parse(source) {
        Ok(root) => root,
        // Projects of uni-app have comments in their manifest.
        Err(problem) => match comments::blanked(source.text).map(|plain| parse(&Source::new(&plain))) {
            Some(Ok(root)) if root.get("app-plus").is_some() => root,
            _ => return Err(fail(vec![problem])),
        },
    };
    if let Some(records) = foreign::records(source, &root) {
        let app_permissions = foreign::permissions(source, &root);
        return Ok(Content { records, app_permissions, ..Content::default() });
    }
    let mut reader = Reader { source, problems: Vec::new() };
    let content = reader.document(&root);
    if reader.problems.is_empty() { Ok(content) } else { Err(fail(reader.problems)) }
}

struct Reader<'a> {
    source: &'a Source<'a>,
    problems: Vec<JsonProblem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, message: Text) {
        self.problems.push(JsonProblem { at: self.source.position(at), message });
    }

    fn document(&mut self, root: &Node) -> Content {
        let mut content = Content::default();
        let members = match &root.value {
            Value::List(items) => {
                content.records = self.records(items);
                return content;
            }
            Value::Object(members) => members,
            _ => {
                self.problem(
                    root.at,
                    Text::new(
                        "expected an object with \"sdks\", or an array of records",
                        "应为含 \"sdks\" 的对象，或条目数组",
                    ),
                );
                return content;
            }
        };
        if let Some(documents) = members.iter().find(|member| member.key == "documents") {
            self.problem(
                documents.key_at,
                Text::new("several documents in one file; give one of them", "一个文件中有多个文档；请只提供其中一个"),
            );
            return content;
        }
        self.check_keys(members, DOCUMENT_KEYS);
        if members.iter().all(|member| member.key != "sdks") {
            self.problem(root.at, Text::new("\"sdks\" is missing", "缺少 \"sdks\""));
        }
        for member in members {
            match (member.key.as_str(), &member.node.value) {
                ("sdks", Value::List(items)) => content.records = self.records(items),
                ("receivers", Value::List(items)) => content.receivers = self.records(items),
                ("statements", Value::List(items)) => content.statements = self.statements(items),
                ("app_permissions", Value::Object(lists)) => content.app_permissions = self.app_permissions(lists),
                ("data_practices", Value::List(items)) => {
                    content.data_practices =
                        items.iter().filter_map(|item| practices::read(self.source, item)).collect();
                }
                ("tracking_domains", Value::List(items)) => {
                    content.tracking_domains = self.texts(items, &member.key);
                }
                ("form", Value::Text(id)) => content.form = Form::ALL.into_iter().find(|form| form.id() == id),
                ("sdks" | "receivers" | "statements" | "data_practices" | "tracking_domains", _) => self.problem(
                    member.node.at,
                    Text::new(format!("{:?} must be a list", member.key), format!("{:?} 必须是列表", member.key)),
                ),
                ("app_permissions", _) => self.problem(
                    member.node.at,
                    Text::new("\"app_permissions\" must be an object", "\"app_permissions\" 必须是对象"),
                ),
                _ => {}
            }
        }
        content
    }

    fn check_keys(&mut self, members: &[Member], known: &[&str]) {
        for member in members.iter().filter(|member| !known.contains(&member.key.as_str())) {
            let nearest = known.iter().map(|key| (strsim::damerau_levenshtein(key, &member.key), key)).min();
            let help = match nearest {
                Some((distance, key)) if distance <= 3.min(key.len() / 2) => {
                    Text::new(format!(", did you mean {key:?}?"), format!("，是否应为 {key:?}？"))
                }
                _ => {
                    let known = known.join(", ");
                    Text::new(format!(", expected one of {known}"), format!("，可用的键：{known}"))
                }
            };
            let key = &member.key;
            self.problem(
                member.key_at,
                Text::new(format!("unknown key {key:?}{}", help.en), format!("未知的键 {key:?}{}", help.zh)),
            );
        }
    }

    fn records(&mut self, items: &[Node]) -> Vec<DeclaredSdk> {
        let mut records = Vec::new();
        for item in items {
            match &item.value {
                Value::Object(members) => records.push(self.record(item, members)),
                _ => self.problem(item.at, Text::new("a record must be an object", "条目必须是对象")),
            }
        }
        records
    }

    fn record(&mut self, node: &Node, members: &[Member]) -> DeclaredSdk {
        self.check_keys(members, RECORD_KEYS);
        let at = self.source.position(node.at);
        // What stands under "sdks" is an SDK.
        let mut record = DeclaredSdk { line: at.line, column: at.column, says_sdk: true, ..DeclaredSdk::default() };
        for member in members {
            let node = &member.node;
            match member.key.as_str() {
                "name" => record.name = self.text(member),
                "vendor" => record.vendor = self.text(member),
                "purpose" => record.purpose = self.text(member),
                "data" => record.data = self.text(member),
                "method" => record.method = self.text(member),
                "platform" => record.platform = self.text(member),
                "packages" => record.packages = self.list(member),
                "permissions" => record.permissions = self.list(member),
                "links" => record.links = self.list(member),
                "within" => record.within = self.text(member).given().map(|parent| parent.text.clone()),
                _ => continue,
            }
            if member.key == "name" && matches!(record.name, Field::ExplicitNone(_)) {
                self.problem(node.at, Text::new("a record's name cannot be \"none\"", "条目的名称不能为“无”"));
            }
        }
        record
    }

    /// A text field: null is absent, `[]` or a word for none is explicitly none.
    fn text(&mut self, member: &Member) -> Field<Located> {
        let at = self.source.position(member.node.at);
        match &member.node.value {
            Value::Null => Field::Absent,
            Value::List(items) if items.is_empty() => Field::ExplicitNone(at),
            Value::Text(text) if text.trim().is_empty() => Field::Absent,
            Value::Text(text) if value::is_none_word(text) => Field::ExplicitNone(at),
            Value::Text(text) => Field::Given(Located { text: text.trim().to_owned(), at }),
            _ => {
                self.problem(
                    member.node.at,
                    Text::new(
                        format!("{:?} must be text or null", member.key),
                        format!("{:?} 必须是文本或 null", member.key),
                    ),
                );
                Field::Absent
            }
        }
    }

    fn list(&mut self, member: &Member) -> Field<Vec<Located>> {
        match &member.node.value {
            Value::Null => Field::Absent,
            Value::List(items) if items.is_empty() => Field::ExplicitNone(self.source.position(member.node.at)),
            Value::List(items) => Field::Given(self.texts(items, &member.key)),
            _ => {
                self.problem(
                    member.node.at,
                    Text::new(
                        format!("{:?} must be a list or null", member.key),
                        format!("{:?} 必须是列表或 null", member.key),
                    ),
                );
                Field::Absent
            }
        }
    }

    fn texts(&mut self, items: &[Node], key: &str) -> Vec<Located> {
        let mut texts = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(text) => {
                    texts.push(Located { text: text.trim().to_owned(), at: self.source.position(item.at) })
                }
                _ => self.problem(
                    item.at,
                    Text::new(format!("{key:?} must hold text only"), format!("{key:?} 只能包含文本")),
                ),
            }
        }
        texts
    }

    fn app_permissions(&mut self, lists: &[Member]) -> AppPermissions {
        self.check_keys(lists, PERMISSION_KEYS);
        let mut found = AppPermissions::default();
        for member in lists {
            let list = match self.list(member) {
                Field::Given(list) => list,
                _ => continue,
            };
            match member.key.as_str() {
                "android" => found.android = list,
                "ios" => found.ios = list,
                "harmonyos" => found.harmonyos = list,
                _ => {}
            }
        }
        found
    }

    fn statements(&mut self, items: &[Node]) -> Vec<Statement> {
        let mut statements = Vec::new();
        for item in items {
            let Value::Object(members) = &item.value else {
                self.problem(item.at, Text::new("a statement must be an object", "声明语句必须是对象"));
                continue;
            };
            self.check_keys(members, STATEMENT_KEYS);
            let text = |key: &str| {
                members.iter().find(|member| member.key == key).and_then(|member| match &member.node.value {
                    Value::Text(text) => Some(text.clone()),
                    _ => None,
                })
            };
            let Some(kind) = text("kind").as_deref().and_then(StatementKind::from_id) else {
                let kinds = StatementKind::ALL.map(StatementKind::id).join(", ");
                self.problem(
                    item.at,
                    Text::new(
                        format!("a statement needs a \"kind\": {kinds}"),
                        format!("声明语句需要 \"kind\"：{kinds}"),
                    ),
                );
                continue;
            };
            let quote = Located { text: text("quote").unwrap_or_default(), at: self.source.position(item.at) };
            statements.push(Statement { kind, quote, name: text("name"), link: text("link") });
        }
        statements
    }
}
