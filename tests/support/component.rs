//! The parts of `<application>`.

use super::axml::{Attribute, Element};
use super::res::Value;

/// An activity, activity-alias, service, receiver or provider.
#[derive(Clone, Debug)]
pub struct Component(Element);

impl Component {
    pub fn activity(name: &str) -> Component {
        Component(Element::new("activity").android("name", name))
    }

    /// An `<activity-alias>` for the activity `target`.
    pub fn activity_alias(name: &str, target: &str) -> Component {
        Component(Element::new("activity-alias").android("name", name).android("targetActivity", target))
    }

    pub fn service(name: &str) -> Component {
        Component(Element::new("service").android("name", name))
    }

    pub fn receiver(name: &str) -> Component {
        Component(Element::new("receiver").android("name", name))
    }

    /// Several authorities are written with `;` between them.
    pub fn provider(name: &str, authorities: &str) -> Component {
        Component(Element::new("provider").android("name", name).android("authorities", authorities))
    }

    /// Adds any `android:` attribute: `exported`, `enabled`, `permission`, `process`, ….
    pub fn android(self, name: &str, value: impl Into<Value>) -> Component {
        Component(self.0.android(name, value))
    }

    pub fn exported(self, exported: bool) -> Component {
        self.android("exported", exported)
    }

    /// Adds an attribute of which every field is given.
    pub fn attribute(self, attribute: Attribute) -> Component {
        Component(self.0.attribute(attribute))
    }

    /// Adds an `<intent-filter>` with one action.
    pub fn action(self, name: &str) -> Component {
        self.intent_filter(&[name], &[])
    }

    /// Adds the filter that makes an activity the app's entry.
    pub fn launcher(self) -> Component {
        self.intent_filter(&["android.intent.action.MAIN"], &["android.intent.category.LAUNCHER"])
    }

    /// Adds an `<intent-filter>`.
    pub fn intent_filter(self, actions: &[&str], categories: &[&str]) -> Component {
        let named = |kind: &'static str| move |name: &&str| Element::new(kind).android("name", *name);
        let children = actions.iter().map(named("action")).chain(categories.iter().map(named("category")));
        self.element(children.fold(Element::new("intent-filter"), Element::child))
    }

    /// Adds a `<meta-data>` with `android:value`.
    pub fn meta_data(self, name: &str, value: impl Into<Value>) -> Component {
        self.element(meta_data(name, value))
    }

    /// Adds any child.
    pub fn element(self, child: Element) -> Component {
        Component(self.0.child(child))
    }

    pub fn into_element(self) -> Element {
        self.0
    }
}

/// `<meta-data android:name=… android:value=…/>`
pub fn meta_data(name: &str, value: impl Into<Value>) -> Element {
    Element::new("meta-data").android("name", name).android("value", value)
}
