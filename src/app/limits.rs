//! What one app may cost. Checked before every entry that is read, so that one app that was made to be slow cannot hold up the others.
//!
//! The check is cooperative: an entry that is being read is read to its end, and so is the file for its SHA-256. An app counts with all
//! that lies inside it: the APKs of a bundle and the apps in its assets share one budget.

use crate::error::Error;
use crate::lang::Text;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What one app may cost. The defaults lie far above real apps and keep a hostile file within half a gibibyte and a few seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Seconds; `None` for as long as it takes.
    pub seconds: Option<u32>,
    /// MiB of one entry, packed and unpacked together; `None` where only the other limits count.
    pub mebibytes: Option<u32>,
    /// Entries of the app, with those of all archives inside it.
    pub entries: u32,
    /// MiB of one entry, inflated. An archive inside the app may be larger: it is read where it lies, or put aside into a file.
    pub entry_mebibytes: u32,
    /// MiB that are inflated of all entries together.
    pub total_mebibytes: u32,
    /// How deep archives are opened inside archives.
    pub nesting: u32,
    /// Strings that one dex file may list.
    pub strings: u32,
    /// Classes that one dex file may define.
    pub classes: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            seconds: None,
            mebibytes: None,
            entries: 250_000,
            entry_mebibytes: 128,
            total_mebibytes: 1024,
            nesting: 3,
            strings: 4_000_000,
            classes: 1_000_000,
        }
    }
}

/// Limits, when they began to count, and what is spent.
#[derive(Debug)]
pub struct Budget {
    /// The limits.
    pub limits: Limits,
    start: Instant,
    inflated: AtomicU64,
    held: AtomicU64,
    entries: AtomicU64,
}

/// Most that is kept in memory of archives inside the app, in bytes: they are held together with all around them.
const HELD: u64 = 96 << 20;

/// The next step: the option that raises a limit.
fn raise(option: &str) -> Text {
    Text::new(format!("raise {option} if the file is to be trusted"), format!("若文件可信，请调高 {option}"))
}

/// A limit was reached; what says so is a predicate of the entry.
fn reached(en: String, zh: String, option: &str) -> Error {
    Error::new(Text::new(format!("{en} ({option})"), format!("{zh}（{option}）")), raise(option))
}

impl Budget {
    /// Begins to count.
    pub fn new(limits: Limits) -> Budget {
        Budget {
            limits,
            start: Instant::now(),
            inflated: AtomicU64::new(0),
            held: AtomicU64::new(0),
            entries: AtomicU64::new(0),
        }
    }

    /// Whether there is time left, and `bytes` may be taken.
    ///
    /// # Errors
    /// When not; the message is a predicate of the entry.
    pub fn check(&self, bytes: u64) -> Result<(), Error> {
        if let Some(seconds) = self.limits.seconds
            && self.start.elapsed() >= Duration::from_secs(seconds.into())
        {
            let en = format!("is not read: the {seconds} s for one app are over");
            return Err(reached(en, format!("未读取：单个应用的 {seconds} 秒时限已到"), "--max-time"));
        }
        if let Some(limit) = self.limits.mebibytes
            && bytes > u64::from(limit) << 20
        {
            let needs = bytes.div_ceil(1 << 20);
            let en = format!("is not read: it takes {needs} MiB, and one app may take {limit}");
            let zh = format!("未读取：需要 {needs} MiB，超过单个应用的上限 {limit} MiB");
            return Err(reached(en, zh, "--max-memory"));
        }
        Ok(())
    }

    /// Whether one entry may have `size` bytes.
    ///
    /// # Errors
    /// As [`Budget::check`].
    pub fn check_entry(&self, size: u64) -> Result<(), Error> {
        let limit = self.limits.entry_mebibytes;
        if size <= u64::from(limit) << 20 {
            return Ok(());
        }
        let en = format!("is larger than the {limit} MiB that are read of one entry");
        Err(reached(en, format!("超过单个条目的读取上限 {limit} MiB"), "--max-entry-size"))
    }

    /// Takes `bytes` that are about to be inflated off what is left.
    ///
    /// # Errors
    /// When so much is not left; as [`Budget::check`].
    pub fn inflate(&self, bytes: u64) -> Result<(), Error> {
        let limit = self.limits.total_mebibytes;
        let before = self.inflated.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) <= u64::from(limit) << 20 {
            return Ok(());
        }
        // What is refused is not spent: a smaller entry may still fit.
        self.inflated.fetch_sub(bytes, Ordering::Relaxed);
        let en = format!("is not read: the {limit} MiB that one app may unpack are used up");
        Err(reached(en, format!("未读取：单个应用可解压的 {limit} MiB 已用完"), "--max-unpacked"))
    }

    /// Whether an archive of this size may stay in memory while others are read, beside those that do already.
    pub fn hold(&self, bytes: u64) -> bool {
        self.held.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= HELD
    }

    /// Whether archives may be opened at this depth; the file itself is at depth 0.
    ///
    /// # Errors
    /// As [`Budget::check`].
    pub fn check_depth(&self, depth: u32) -> Result<(), Error> {
        let limit = self.limits.nesting;
        if depth <= limit {
            return Ok(());
        }
        let en = format!("is not read: it lies deeper than {limit} archives inside each other");
        Err(reached(en, format!("未读取：嵌套层数超过 {limit} 层压缩包"), "--max-nesting"))
    }

    /// Whether an archive may list `count` entries, beside those of the archives that were opened before.
    ///
    /// # Errors
    /// As [`Budget::check`].
    pub fn check_entries(&self, count: u64) -> Result<(), Error> {
        let limit = self.limits.entries;
        if self.entries.load(Ordering::Relaxed).saturating_add(count) <= u64::from(limit) {
            return Ok(());
        }
        let en = format!("lists more than the {limit} entries that are read of one app");
        Err(reached(en, format!("列出的条目超过单个应用的读取上限 {limit} 个"), "--max-entries"))
    }

    /// Takes the entries of an archive that is opened off what is left.
    pub fn take_entries(&self, count: u64) {
        self.entries.fetch_add(count, Ordering::Relaxed);
    }

    /// Whether a dex file may list so many strings and define so many classes.
    ///
    /// # Errors
    /// As [`Budget::check`].
    pub fn check_dex(&self, strings: u64, classes: u64) -> Result<(), Error> {
        let limit = self.limits.strings;
        if strings > u64::from(limit) {
            let en = format!("lists {strings} strings, and {limit} are read of one dex file");
            let zh = format!("列出 {strings} 个字符串，超过单个 dex 文件的读取上限 {limit} 个");
            return Err(reached(en, zh, "--max-strings"));
        }
        let limit = self.limits.classes;
        if classes > u64::from(limit) {
            let en = format!("defines {classes} classes, and {limit} are read of one dex file");
            let zh = format!("定义 {classes} 个类，超过单个 dex 文件的读取上限 {limit} 个");
            return Err(reached(en, zh, "--max-classes"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_names_the_option_that_raises_it() {
        let limits = Limits {
            seconds: Some(3600),
            mebibytes: Some(1),
            entries: 2,
            entry_mebibytes: 1,
            total_mebibytes: 1,
            nesting: 1,
            strings: 10,
            classes: 5,
        };
        let budget = Budget::new(limits);
        let over = Budget::new(Limits { seconds: Some(0), ..limits });
        let more = (1 << 20) + 1;
        let cases = [
            (over.check(0), budget.check(0), "--max-time"),
            (budget.check(more), budget.check(more - 1), "--max-memory"),
            (budget.check_entry(more), budget.check_entry(more - 1), "--max-entry-size"),
            (budget.check_depth(2), budget.check_depth(1), "--max-nesting"),
            (budget.check_entries(3), budget.check_entries(2), "--max-entries"),
            (budget.check_dex(11, 0), budget.check_dex(10, 5), "--max-strings"),
            (budget.check_dex(0, 6), budget.check_dex(0, 0), "--max-classes"),
            (budget.inflate(more), budget.inflate(more - 1), "--max-unpacked"),
        ];
        for (refused, allowed, option) in cases {
            let error = refused.expect_err(option);
            for text in [&error.message, &error.help] {
                assert!(text.en.contains(option) && text.zh.contains(option), "{option}: {error:?}");
            }
            assert!(allowed.is_ok(), "{option}");
        }
        assert!(budget.inflate(1).is_err(), "the whole MiB is spent");
        assert!(Budget::new(Limits::default()).check(u64::MAX).is_ok(), "no time and no memory limit unless said");
    }
}
