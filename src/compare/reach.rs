//! How far two builds can be compared at all: content that only one of them shows, renamed code, reports of different makers.

use super::snapshot::Gap;
use super::{Build, Comparison, Kind, Way};
use crate::audit::Severity;
use crate::lang::Text;
use std::collections::BTreeMap;

/// By how many percentage points the share of short class names must grow before a build counts as renamed.
const RENAMED: u64 = 20;

impl Comparison {
    /// What came may have been in unreadable code before, and what went may still be there.
    pub(super) fn reach(&mut self, old: &Build, new: &Build) {
        self.unreadable(old, new);
        self.hidden(old, new);
        self.renamed(old, new);
        self.makers(old, new);
    }

    /// Content that could be read in one build and cannot in the other.
    fn unreadable(&mut self, old: &Build, new: &Build) {
        let (before, after) = (unread(old), unread(new));
        for (way, here, there) in [(Way::Added, &after, &before), (Way::Removed, &before, &after)] {
            for (what, state) in here.iter().filter(|(what, _)| !there.contains_key(*what)) {
                self.add(Kind::Unreadable, way, what, Severity::Error).name = Some(state.clone());
            }
        }
    }

    fn hidden(&mut self, old: &Build, new: &Build) {
        for (build, en, zh) in [(old, "old", "旧"), (new, "new", "新")] {
            if !build.reads_all() {
                let what = build.hidden().join(", ");
                let (so_en, so_zh) = if std::ptr::eq(build, new) {
                    ("; what went may still be in it", "，移除的内容可能仍在其中")
                } else {
                    ("; what came may have been in it", "，新增的内容可能原已在其中")
                };
                self.limits.push(Text::new(
                    format!(
                        "code of the {en} build is hidden or unreadable ({what}): SDKs and references in it are unknown{so_en}"
                    ),
                    format!("{zh}构建的部分代码已加固或无法读取（{what}）：其中的 SDK 和引用未知{so_zh}"),
                ));
            }
        }
    }

    /// A shrinker that renames classes takes the names that signatures know away with them.
    fn renamed(&mut self, old: &Build, new: &Build) {
        let (before, after) = (old.coverage.short_share(), new.coverage.short_share());
        let gone = self.changes.iter().filter(|change| change.kind == Kind::Sdk && change.way == Way::Removed).count();
        if gone > 0 && after >= before + RENAMED {
            self.limits.push(Text::new(
                format!(
                    "far more class names of the new build are renamed ({before}% short names before, {after}% now): \
                     whether the SDKs that went ({gone}) are absent or only renamed cannot be told"
                ),
                format!(
                    "新构建中被混淆的类名大幅增加（短类名占比由 {before}% 升至 {after}%）：无法判断移除的 {gone} 个 SDK 是确已移除还是仅被改名"
                ),
            ));
        }
    }

    /// Another signature base or version sees other things in the same app.
    fn makers(&mut self, old: &Build, new: &Build) {
        let ((was, before), (is, after)) = (old.maker(), new.maker());
        if was != is {
            self.limits.push(Text::new(
                format!(
                    "different versions of sdkaudit made the reports ({was}, {is}): a difference may be the program's"
                ),
                format!("两份报告由不同版本的 sdkaudit 生成（{was}、{is}）：差异可能来自程序本身"),
            ));
        }
        if before != after {
            let [was, is] = [before, after].map(|digest| digest.get(..8).unwrap_or("-"));
            self.limits.push(Text::new(
                format!("different signature bases were used ({was}, {is}): an SDK that came or went may be a signature's doing"),
                format!("两份报告使用了不同的特征库（{was}、{is}）：SDK 的增减可能来自特征的变化"),
            ));
        }
    }
}

/// Entries and packers, each with what is wrong with it.
fn unread(build: &Build) -> BTreeMap<&str, Text> {
    let packed = build.hidden().iter().map(|what| (what.as_str(), Text::new("hides code", "隐藏了代码")));
    let state = |gap: &'_ Gap| {
        if gap.hides_code {
            Text::new("its code cannot be read", "其中的代码无法读取")
        } else {
            Text::new("cannot be read", "无法读取")
        }
    };
    let gaps = build.gaps.iter().map(|gap| (gap.entry.as_str(), state(gap)));
    // An unreadable dex file is in both lists; its gap tells more.
    let mut all: BTreeMap<&str, Text> = packed.chain(gaps).collect();
    all.remove("");
    all
}
