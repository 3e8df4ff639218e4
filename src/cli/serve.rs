//! `worker`: requests in, rows out, for engines that bring their own order.

use super::batch_args::Worker;
use super::run::Session;
use super::{CLEAN, asking, terminal};
use crate::error::Error;
use crate::lang::Text;
use crate::{app, batch, report};
use std::io::Write;

/// Carries out `worker` and returns its exit code: what rows say is no matter of it.
pub fn run(session: &Session<'_>, arguments: &Worker) -> Result<u8, Error> {
    asking::with(session, &arguments.asking, &arguments.weights, |question| {
        batch::serve(question, std::io::stdin().lock(), std::io::stdout().lock()).map_err(|cause| {
            let message =
                Text::new(format!("requests and rows are cut off: {cause}"), format!("请求或结果中断：{cause}"));
            Error::new(message, Text::new("start the worker anew", "请重新启动 worker")).because(cause)
        })
    })?;
    let fetched = report::text::fetched(app::traffic(), &terminal::stderr(session.global));
    let _ = std::io::stderr().write_all(fetched.as_bytes());
    Ok(CLEAN)
}
