//! Named sets of what a list is held to.

use super::super::{Rule, Severity};

/// Which fields every record of a list must have, and which rules weigh otherwise than by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Name, vendor, package, permissions, purpose, data, link.
    #[default]
    Default,
    /// Name, vendor, data, purpose, link: the form that China's MIIT asks for.
    ChinaMiit,
    /// Name, data, purpose, link: what a publisher needs for Google Play's Data safety form. Rules about the store's restricted permissions
    /// and about children weigh more; what concerns other systems is left out.
    GooglePlay,
    /// Whether app and list agree, and nothing about the list's form: a record needs a name, and only rules that are errors by
    /// themselves speak.
    Minimal,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Profile; 4] = [Profile::Default, Profile::ChinaMiit, Profile::GooglePlay, Profile::Minimal];

    /// The word that users write.
    pub fn id(self) -> &'static str {
        match self {
            Profile::Default => "default",
            Profile::ChinaMiit => "china-miit",
            Profile::GooglePlay => "google-play",
            Profile::Minimal => "minimal",
        }
    }

    /// The profile with this id.
    pub fn from_id(id: &str) -> Option<Profile> {
        Profile::ALL.into_iter().find(|profile| profile.id() == id)
    }

    /// Whether records must have a field.
    pub(super) fn asks_for(self, field: &str) -> bool {
        match self {
            Profile::Default => true,
            Profile::ChinaMiit => !matches!(field, "package" | "permissions"),
            Profile::GooglePlay => !matches!(field, "package" | "permissions" | "vendor"),
            Profile::Minimal => field == "name",
        }
    }

    /// What it says of a rule: a severity, that the rule is off (`Some(None)`), or nothing.
    pub(in super::super) fn severity(self, rule: Rule) -> Option<Option<Severity>> {
        match (self, rule) {
            (Profile::GooglePlay, Rule::RestrictedPermission | Rule::MissingChildrenClause) => {
                Some(Some(Severity::Warning))
            }
            (Profile::GooglePlay, Rule::PlatformGap | Rule::PlatformKeyUnknown) => Some(None),
            (Profile::Minimal, Rule::ExpiredWaiver | Rule::UnusedWaiver) => None,
            (Profile::Minimal, rule) if rule.default_severity() < Severity::Error => Some(None),
            _ => None,
        }
    }
}
