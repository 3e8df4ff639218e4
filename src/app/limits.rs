//! What one app may cost. Checked before every entry that is read, so that one app that was made to be slow cannot hold up the others.
//!
//! The check is cooperative: an entry that is being read is read to its end, and so is the file for its SHA-256.

use crate::error::Error;
use crate::lang::Text;
use std::time::{Duration, Instant};

/// What one app may cost. Without a figure there is no limit beside those of the formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Seconds.
    pub seconds: Option<u32>,
    /// MiB of one entry, packed and unpacked together.
    pub mebibytes: Option<u32>,
}

/// Limits, and when they began to count.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    start: Instant,
}

impl Budget {
    /// Begins to count.
    pub fn new(limits: Limits) -> Budget {
        Budget { limits, start: Instant::now() }
    }

    /// Whether there is time left, and `bytes` may be taken.
    ///
    /// # Errors
    /// When not; the message is a predicate of the entry.
    pub fn check(&self, bytes: u64) -> Result<(), Error> {
        let raise = |option: &str| Text::new(format!("raise {option}"), format!("请调高 {option}"));
        if let Some(seconds) = self.limits.seconds
            && self.start.elapsed() >= Duration::from_secs(seconds.into())
        {
            let en = format!("is not read: the {seconds} s for one app are over (--max-time)");
            let zh = format!("未读取：单个应用的 {seconds} 秒时限已到（--max-time）");
            return Err(Error::new(Text::new(en, zh), raise("--max-time")));
        }
        if let Some(limit) = self.limits.mebibytes
            && bytes > u64::from(limit) << 20
        {
            let needs = bytes.div_ceil(1 << 20);
            let en = format!("is not read: it takes {needs} MiB, and one app may take {limit} (--max-memory)");
            let zh = format!("未读取：需要 {needs} MiB，超过单个应用的上限 {limit} MiB（--max-memory）");
            return Err(Error::new(Text::new(en, zh), raise("--max-memory")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_limited_unless_said() {
        assert!(Budget::new(Limits::default()).check(u64::MAX).is_ok());
        let budget = Budget::new(Limits { seconds: Some(3600), mebibytes: Some(1) });
        assert!(budget.check(1 << 20).is_ok());
        let error = budget.check((1 << 20) + 1).expect_err("too much");
        assert!(error.message.en.contains("2 MiB") && error.message.zh.contains("--max-memory"), "{error:?}");
        let over = Budget { limits: Limits { seconds: Some(0), mebibytes: None }, start: Instant::now() };
        assert!(over.check(0).is_err_and(|error| error.message.en.contains("--max-time")));
    }
}
