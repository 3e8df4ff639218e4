//! Links of the records.

use super::super::{Finding, Rule, Sink};
use super::{Paper, items, title};
use crate::declared::{DeclaredSdk, Located, is_blank};
use crate::lang::Text;
use crate::signatures::{Sdk, fold_name};

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    for record in &paper.declaration.records {
        for link in items(&record.links) {
            insecure(paper, link, sink);
        }
        no_policy(paper, record, sink);
        of_other(paper, record, sink);
    }
}

fn insecure(paper: &Paper<'_>, link: &Located, sink: &mut Sink<'_>) {
    let scheme = link.text.get(..7).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("http://") {
        return;
    }
    let finding = Finding::new(
        Rule::InsecureLink,
        &link.text,
        Text::new(format!("{} is not encrypted", link.text), format!("{} 未加密", link.text)),
        Text::new("give the https: address, once it is seen to work", "请改用 https: 地址，并确认可以访问"),
    );
    sink.emit(finding.declared(paper.located(link)));
}

/// A record that handles data, and only home pages and source repositories to read about it.
fn no_policy(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    let links: Vec<&Located> = items(&record.links).iter().filter(|link| !is_blank(&link.text)).collect();
    let Some(first) = links.first().copied().filter(|_| record.data.given().is_some()) else { return };
    if !links.iter().all(|link| is_home_page(&link.text) || is_repository(&link.text)) {
        return;
    }
    let name = record.title();
    let (en, zh) = match is_repository(&first.text) {
        true => ("a source repository", "源码仓库页面"),
        false => ("a home page", "网站首页"),
    };
    let policy = paper.sdk(record).and_then(|sdk| sdk.links.privacy.as_deref());
    let help = match policy {
        Some(policy) => Text::new(format!("its policy is {policy}"), format!("其隐私政策为 {policy}")),
        None => Text::new("link the SDK's privacy policy", "请给出该 SDK 的隐私政策链接"),
    };
    let finding = Finding::new(
        Rule::LinkNotAPolicy,
        paper.subject(record),
        Text::new(
            format!("the record \"{name}\" handles data, and its link is {en}"),
            format!("条目“{name}”会处理数据，而其链接是{zh}"),
        ),
        help,
    );
    sink.emit(finding.declared(paper.located(first)));
}

/// Host in lower case and path without its last slash; no query, no fragment.
fn split(link: &str) -> (String, &str, bool) {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let bare = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    (host.to_ascii_lowercase(), path.trim_end_matches('/'), bare.len() < rest.len())
}

/// The root of a site, or of one of its languages.
fn is_home_page(link: &str) -> bool {
    const LANGUAGES: [&str; 10] = ["", "cn", "en", "zh", "zh-cn", "zh_cn", "en-us", "index.html", "index.htm", "home"];
    let (_, path, more) = split(link);
    !more && LANGUAGES.contains(&path.to_ascii_lowercase().as_str())
}

/// A repository, or the project page that a code host makes of one.
fn is_repository(link: &str) -> bool {
    let (host, path, _) = split(link);
    let lower = path.to_ascii_lowercase();
    if ["privacy", "policy", "legal", "terms"].iter().any(|word| lower.contains(word)) {
        return false;
    }
    let code_host =
        ["github.com", "www.github.com", "gitee.com", "gitlab.com", "bitbucket.org"].contains(&host.as_str());
    let project_page = ["github.io", "gitee.io"].iter().any(|top| host.ends_with(&format!(".{top}")));
    (code_host || project_page) && path.split('/').count() <= 2
}

/// A link whose owner is known and is another vendor than the record's SDK.
fn of_other(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    let Some(sdk) = paper.sdk(record) else { return };
    let by_link = record.resolved.by == Some(crate::declared::ResolvedBy::LinkHost);
    if by_link || items(&record.links).iter().any(|link| belongs_to(paper, &link.text, sdk)) {
        return;
    }
    for link in items(&record.links) {
        let owners = owners(paper, &link.text);
        let Some(other) = owners.first().filter(|_| owners.iter().all(|owner| !related(owner, sdk))) else { continue };
        let (own, other) = (title(sdk), title(other));
        let policy = sdk.links.privacy.as_deref().or(sdk.links.website.as_deref());
        let help = match policy {
            Some(own) => Text::new(format!("its own page is {own}"), format!("它自己的页面是 {own}")),
            None => Text::new("link the SDK's own privacy policy", "请给出该 SDK 自己的隐私政策链接"),
        };
        let finding = Finding::new(
            Rule::LinkOfOtherSdk,
            paper.subject(record),
            Text::new(
                format!("the link of {} belongs to {}", own.en, other.en),
                format!("{} 的链接属于 {}", own.zh, other.zh),
            ),
            help,
        );
        sink.emit(finding.declared(paper.located(link)));
    }
}

fn belongs_to(paper: &Paper<'_>, link: &str, sdk: &Sdk) -> bool {
    owners(paper, link).iter().any(|owner| owner.id == sdk.id)
        || pages(sdk).any(|page| split(page).0 == split(link).0 && !is_shared(&split(link).0))
}

/// The SDKs whose host or very page the link is. On hosts of many projects only the repository decides.
fn owners<'a>(paper: &Paper<'a>, link: &str) -> Vec<&'a Sdk> {
    let (host, path, _) = split(link);
    if !is_shared(&host) {
        return paper.set.by_host(&host);
    }
    let repository = |path: &str| path.split('/').take(2).map(str::to_ascii_lowercase).collect::<Vec<_>>();
    let same = |page: &str| {
        let (other, own_path, _) = split(page);
        other == host && own_path.contains('/') && repository(own_path) == repository(path)
    };
    paper.set.iter().filter(|sdk| pages(sdk).any(same)).collect()
}

fn pages(sdk: &Sdk) -> impl Iterator<Item = &str> {
    sdk.links.website.as_deref().into_iter().chain(sdk.links.privacy.as_deref())
}

fn is_shared(host: &str) -> bool {
    ["github.com", "gitee.com", "gitlab.com"].contains(&host)
}

/// One vendor, one product line, or one that brings the other.
fn related(a: &Sdk, b: &Sdk) -> bool {
    let family = |sdk: &Sdk| sdk.id.split('.').next().unwrap_or_default().to_owned();
    let line = |sdk: &Sdk| sdk.part_of.clone().unwrap_or_else(|| sdk.id.clone());
    let vendor = |sdk: &Sdk| [fold_name(&sdk.vendor.en), fold_name(&sdk.vendor.zh)];
    let brings = |a: &Sdk, b: &Sdk| b.detect.packages.iter().any(|package| a.detect.companions.contains(package));
    family(a) == family(b)
        || line(a) == line(b)
        || vendor(a).iter().any(|name| vendor(b).contains(name))
        || brings(a, b)
        || brings(b, a)
}
