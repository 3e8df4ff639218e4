//! Which methods, fields and literals read which personal data, and what such a read needs at each API level.
//!
//! Sources stand in the `origins` of `apis.json`; its licences allow names and facts only. A reference shows what code could read,
//! never that it runs.

use crate::lang::Text;
use crate::package::is_at_or_below;

include!(concat!(env!("OUT_DIR"), "/apis.rs"));

/// What is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A static field.
    Field,
    /// A string constant.
    Literal,
    /// A method, by class and name: all its overloads.
    Method,
}

/// How much one reference shows. Ordered: the strongest is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The reference by itself shows a read.
    Strong,
    /// A call that reads many things, with the constant argument that says what.
    Argument,
    /// Opens or starts a capability: camera, microphone.
    Enable,
    /// Ambiguous, or a container that a getter has to follow.
    Weak,
    /// The name of a method or property as a literal, in a method that reflects.
    Reflective,
    /// Mostly asks whether this is the main process.
    OwnProcess,
}

impl Strength {
    /// All grades, strongest first.
    pub const ALL: [Strength; 6] = [
        Strength::Strong,
        Strength::Argument,
        Strength::Enable,
        Strength::Weak,
        Strength::Reflective,
        Strength::OwnProcess,
    ];

    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Strength::Strong => "strong",
            Strength::Argument => "argument",
            Strength::Enable => "enable",
            Strength::Weak => "weak",
            Strength::Reflective => "reflective",
            Strength::OwnProcess => "own_process",
        }
    }

    /// The word for people.
    pub fn label(self) -> Text {
        let (en, zh) = match self {
            Strength::Strong => ("strong", "强"),
            Strength::Argument => ("by its argument", "由参数确定"),
            Strength::Enable => ("opens a device", "开启设备"),
            Strength::Weak => ("weak", "弱"),
            Strength::Reflective => ("by reflection", "反射"),
            Strength::OwnProcess => ("own process", "自身进程"),
        };
        Text::new(en, zh)
    }

    /// Whether such a reference alone may say that a data type is read: thresholds are asymmetric, anything supports a declaration.
    pub fn is_strong(self) -> bool {
        matches!(self, Strength::Strong | Strength::Argument)
    }
}

/// One reference to look for. Rows are sorted by kind, class, name and argument; the index into [`all`] is an API's number.
#[derive(Debug)]
pub struct Api {
    /// What is referred to.
    pub kind: Kind,
    /// Dotted class name; empty for a literal.
    pub class: &'static str,
    /// Method, field, or the literal itself.
    pub name: &'static str,
    /// The constant argument that makes the call read this type; empty where any call does.
    pub argument: &'static str,
    /// Data type, or a capability: then it is shown and never judged.
    pub data_type: &'static str,
    /// How much a reference shows.
    pub strength: Strength,
    access: u8,
}

/// What comes back to an ordinary app that meets the needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The value.
    Given,
    /// An exception or nothing: only system apps and carriers get it.
    Refused,
    /// A constant in place of the value (`02:00:00:00:00:00`, "unknown").
    Masked,
}

/// What holds on a range of API levels.
#[derive(Debug)]
pub struct Level {
    /// First level.
    pub from: u8,
    /// Last level; 255 = no end.
    pub to: u8,
    /// What comes back.
    pub outcome: Outcome,
    needs: &'static str,
}

/// Permissions of which one is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    alternatives: &'static str,
    /// Whether the read fails without; else it only brings less.
    pub required: bool,
}

impl Need {
    /// Full permission names; one is enough.
    pub fn alternatives(self) -> impl Iterator<Item = &'static str> {
        self.alternatives.split('|')
    }
}

impl Level {
    /// All are needed.
    pub fn needs(&self) -> impl Iterator<Item = Need> + use<> {
        let needs = self.needs;
        needs.split_ascii_whitespace().map(|need| match need.strip_suffix('?') {
            Some(alternatives) => Need { alternatives, required: false },
            None => Need { alternatives: need, required: true },
        })
    }
}

impl Api {
    /// What the read needs and brings at an API level; `None` where the platform does not have it there.
    pub fn level(&self, api_level: u32) -> Option<&'static Level> {
        self.levels().iter().find(|level| {
            u32::from(level.from) <= api_level && (level.to == u8::MAX || api_level <= u32::from(level.to))
        })
    }

    /// All ranges, lowest first.
    pub fn levels(&self) -> &'static [Level] {
        ACCESS.get(usize::from(self.access)).copied().unwrap_or_default()
    }

    /// `android.telephony.TelephonyManager.getImei`, with its argument where that decides; a literal in quotes.
    pub fn title(&self) -> String {
        match (self.kind, self.argument) {
            (Kind::Literal, _) => format!("\"{}\"", self.name),
            (_, "") => format!("{}.{}", self.class, self.name),
            (_, argument) => format!("{}.{}(\"{argument}\")", self.class, self.name),
        }
    }

    /// The same with the class's own name only, for people.
    pub fn short_title(&self) -> String {
        let title = self.title();
        let simple = self.class.rsplit('.').next().unwrap_or_default();
        title.strip_prefix(self.class).map(|rest| format!("{simple}{rest}")).unwrap_or(title)
    }
}

/// Every API in the order of its number.
pub fn all() -> &'static [Api] {
    &APIS
}

/// Whether a class belongs to a library that wraps the platform for others: its references are listed apart, for its callers decide.
pub fn is_wrapper(class: &str) -> bool {
    WRAPPERS.iter().any(|prefix| is_at_or_below(class, prefix))
}

/// The label of a capability; `None` for a data type.
pub fn capability(id: &str) -> Option<Text> {
    let (_, en, zh) = CAPABILITIES.iter().find(|(capability, _, _)| *capability == id)?;
    Some(Text::new(*en, *zh))
}

#[cfg(test)]
#[path = "apis_tests.rs"]
mod tests;
