//! `compare`: two builds, each an app or an earlier report.

use super::args::{self, CompareFormat, Weights};
use super::judgement::{levels, severity};
use super::run::{Session, print};
use super::{CLEAN, FOUND};
use crate::audit::{self, Audit, Finding, Levels};
use crate::compare::{Build, Comparison, MAX_REPORT};
use crate::declared::Declaration;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::report::compare::{CompareReport, NewFindings, json, markdown};
use crate::report::{self, AppReport, Report};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Compares, prints, and answers with the exit code.
pub fn run(session: &Session<'_>, arguments: &args::Compare) -> Result<u8, Error> {
    let levels = levels(&Weights::default(), &session.loaded.config)?;
    let declaration = arguments.declared.as_deref().map(|path| session.declaration(path)).transpose()?;
    let side = |path: &Path| Side::read(session, path, declaration.as_ref(), &levels);
    let (old, new) = (side(&arguments.old)?, side(&arguments.new)?);
    let comparison = Comparison::of(&old.build, &new.build);
    let findings = declaration.as_ref().map(|declaration| new_findings(&old, &new, declaration)).transpose()?;
    let stamp = session.stamp(declaration.as_ref())?;
    let report = CompareReport { stamp, old: &old.build, new: &new.build, comparison, findings };
    let screen = session.screen();
    let fail_on = arguments.fail_on_new.map(severity);
    print(&match arguments.format {
        CompareFormat::Text => report::text::comparison(&report, fail_on, &screen),
        CompareFormat::Json => json(&report, screen.lang),
        CompareFormat::Markdown => markdown(&report, screen.lang),
    })?;
    let failed = fail_on.is_some_and(|severity| report.at_least(severity) > 0);
    Ok(if failed { FOUND } else { CLEAN })
}

struct Side {
    path: String,
    build: Build,
    /// What the policy says to an app; a report has only what it printed.
    audit: Option<Audit>,
}

impl Side {
    fn read(
        session: &Session<'_>,
        path: &Path,
        declaration: Option<&Declaration>,
        levels: &Levels,
    ) -> Result<Side, Error> {
        let name = path.display().to_string();
        if let Some(text) = report_text(path)? {
            return Ok(Side { build: Build::read(&name, &text)?, path: name, audit: None });
        }
        let app = session.app(path, |app, inventory| match declaration {
            Some(declaration) => audit::audit(app, inventory, declaration, session.set, levels),
            None => Audit { findings: audit::without_declaration(app, inventory), ..Audit::default() },
        })?;
        let stamp = session.stamp(declaration)?;
        let mut report = Report { stamp, declaration, apps: vec![app], errors: Vec::new() };
        let build = Build::read(&name, &report::json::report(&report, Lang::En))?;
        let audit = report.apps.pop().map(|AppReport { audit, .. }| audit);
        Ok(Side { path: name, build, audit: audit.filter(|_| declaration.is_some()) })
    }
}

/// The text of a JSON report; `None` for what does not begin like one.
fn report_text(path: &Path) -> Result<Option<String>, Error> {
    let name = path.display().to_string();
    let failed = |cause| Error::io(&name, cause);
    if path == Path::new("-") {
        return Err(Error::io("-", std::io::ErrorKind::NotFound.into()));
    }
    let mut file = File::open(path).map_err(failed)?;
    let mut head = [0; 64];
    let length = file.read(&mut head).map_err(failed)?;
    let begins = String::from_utf8_lossy(&head[..length]);
    if !begins.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{') {
        return Ok(None);
    }
    let mut bytes = head[..length].to_vec();
    file.take(MAX_REPORT).read_to_end(&mut bytes).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|cause| {
        let message = Text::new("it is not UTF-8 text", "不是 UTF-8 文本");
        Error::new(message, Text::new("give the report as it was printed", "请提供原样的报告"))
            .in_input(&name)
            .because(cause)
    })?;
    Ok(Some(text.trim_start_matches('\u{feff}').to_owned()))
}

/// Findings that only the new build has. Rule and subject say whether two are the same.
fn new_findings(old: &Side, new: &Side, declaration: &Declaration) -> Result<NewFindings, Error> {
    let Some(audit) = &new.audit else {
        return Err(Error::new(
            Text::new("a report cannot be compared with a policy again", "报告无法再次与政策比对"),
            Text::new("give the app itself as NEW", "请以应用本身作为 NEW"),
        )
        .in_input(&new.path));
    };
    if !old.build.audited {
        return Err(Error::new(
            Text::new("the report was made without a policy", "该报告未与政策比对"),
            Text::new(
                "give the app itself as OLD, or a report of sdkaudit audit",
                "请以应用本身或 sdkaudit audit 的报告作为 OLD",
            ),
        )
        .in_input(&old.path));
    }
    let known = |finding: &&Finding| !old.build.findings.iter().any(|one| one.is(finding.rule, &finding.subject));
    let added = audit.findings.iter().filter(known).cloned().collect();
    let still =
        |one: &crate::compare::Finding| audit.findings.iter().any(|finding| one.is(finding.rule, &finding.subject));
    let gone = old.build.findings.iter().filter(|one| !still(one));
    let mut resolved: Vec<String> = gone.map(|one| format!("{}/{}", one.rule, one.subject)).collect();
    resolved.dedup();
    // Only code that could be read shows that a difference is settled.
    let (resolved, unsettled) = if new.build.reads_all() { (resolved, Vec::new()) } else { (Vec::new(), resolved) };
    Ok(NewFindings { declared: declaration.document.clone(), added, resolved, unsettled })
}
