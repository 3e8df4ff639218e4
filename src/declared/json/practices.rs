//! What a form declared of data, out of the JSON that `extract` has made of it.

use super::{Node, Value};
use crate::declared::source::Source;
use crate::declared::{DataPractice, Located};

/// One item of `data_practices`; without its form's name it says nothing.
pub(super) fn read(source: &Source, item: &Node) -> Option<DataPractice> {
    let words = |key: &str| item.get(key).and_then(Node::words).map(str::to_owned);
    let list = |key: &str| {
        let items = item.get(key).map(Node::items).unwrap_or_default();
        items.iter().filter_map(Node::words).map(str::to_owned).collect()
    };
    let told = |key: &str| match item.get(key).map(|node| &node.value) {
        Some(Value::Bool(told)) => Some(*told),
        _ => None,
    };
    Some(DataPractice {
        written: Located { text: words("written")?, at: source.position(item.at) },
        label: words("label"),
        data_types: list("data_types"),
        collected: told("collected"),
        shared: told("shared"),
        linked: told("linked"),
        tracking: told("tracking"),
        purposes: list("purposes"),
    })
}
