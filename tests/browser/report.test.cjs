// The HTML report in Chromium. tests/browser/run writes the pages and starts this.
"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { after, before, test } = require("node:test");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const target = process.env.CARGO_TARGET_DIR || join(__dirname, "../../target");
const pages = join(target, "tmp/browser");
const wide = { viewport: { width: 1200, height: 900 } };
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
});
after(() => browser.close());

// Opens a page; every message of the console, every error and every request but that for the page itself is a failure.
async function open(name, options = {}) {
  const context = await browser.newContext({ ...wide, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(join(pages, name)).href;
  const trouble = [];
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { trouble.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url() !== url) trouble.push(`request: ${request.url()}`); });
  await page.goto(url);
  const close = async () => {
    assert.deepEqual(trouble, []);
    await context.close();
  };
  return { page, close };
}

const facts = () => JSON.parse(readFileSync(join(pages, "sample.json"), "utf8"));
const visible = (page, selector) => page.locator(`${selector}:visible`).count();

test("the page speaks one language at a time, and the switch changes all of it", async () => {
  const { page, close } = await open("sample.html");
  assert.equal(await visible(page, ".zh"), 0);
  assert.match(await page.title(), /SDK audit/);
  await page.click('button[data-value="zh"]');
  assert.equal(await visible(page, ".en"), 0);
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
  assert.match(await page.title(), /SDK 审计/);
  assert.equal(await page.getAttribute("#search", "placeholder"), "搜索发现和表格");
  assert.match(await page.innerText(".verdict"), /未通过/);
  await page.click('button[data-value="en"]');
  assert.match(await page.innerText(".verdict"), /Failed/);
  await close();
});

test("findings are those of the JSON, folded, and unfold", async () => {
  const { page, close } = await open("sample.html");
  const findings = facts().apps[0].findings;
  assert.equal(await visible(page, ".finding"), findings.length);
  assert.equal(await visible(page, ".finding .body"), 0);
  await page.locator(".finding > summary").first().click();
  assert.equal(await visible(page, ".finding .body"), 1);
  await page.click('button[data-fold="open"]');
  assert.equal(await visible(page, ".finding .body"), findings.length);
  await page.click('button[data-fold=""]');
  assert.equal(await visible(page, ".finding .body"), 0);
  await close();
});

test("search and filters leave what they say", async () => {
  const { page, close } = await open("sample.html");
  const findings = facts().apps[0].findings;
  const errors = findings.filter((finding) => finding.severity === "error").length;
  await page.uncheck('input[data-severity="warning"]');
  await page.uncheck('input[data-severity="note"]');
  assert.equal(await visible(page, ".finding"), errors);
  await page.check('input[data-severity="warning"]');
  await page.check('input[data-severity="note"]');
  await page.selectOption("select[data-rule]", "missing-field");
  const missing = findings.filter((finding) => finding.rule === "missing-field").length;
  assert.equal(await visible(page, ".finding"), missing);
  assert.equal(await page.innerText(".findings .shown"), `${missing} / ${findings.length}`);
  await page.selectOption("select[data-rule]", "");
  await page.fill("#search", "bugly");
  assert.ok(await visible(page, ".finding") >= 1 && await visible(page, ".finding") < findings.length);
  assert.equal(await visible(page, ".sdks tbody > tr"), 1);
  await page.fill("#search", "nothing is called like this");
  assert.equal(await visible(page, ".finding"), 0);
  assert.ok(await visible(page, ".nothing") >= 1);
  await page.fill("#search", "");
  assert.equal(await visible(page, ".finding"), findings.length);
  const rows = await visible(page, ".sdks tbody > tr");
  await page.uncheck('input[data-standing="undeclared"]');
  assert.ok(await visible(page, ".sdks tbody > tr") < rows);
  await close();
});

test("waived findings are marked and can be left out", async () => {
  const { page, close } = await open("waived.html");
  const waived = await visible(page, ".finding.waived");
  assert.ok(waived >= 1);
  assert.match(await page.innerText(".finding.waived >> nth=0"), /waived/);
  await page.uncheck('input[data-severity="waived"]');
  assert.equal(await visible(page, ".finding.waived"), 0);
  assert.ok(await visible(page, ".finding") > 0);
  await close();
});

test("light, dark and the system's own colours", async () => {
  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await open("sample.html", { colorScheme: "light" });
  const dark = await open("sample.html", { colorScheme: "dark" });
  const [bright, dim] = [await ground(light.page), await ground(dark.page)];
  assert.notEqual(bright, dim);
  await light.page.click('button[data-value="dark"]');
  assert.equal(await ground(light.page), dim);
  await dark.page.click('button[data-value="light"]');
  assert.equal(await ground(dark.page), bright);
  await light.close();
  await dark.close();
});

// WCAG 2: 4.5 : 1 for text. The inks of the palette on the grounds they stand on.
test("text can be read in both colours", async () => {
  const pairs = [["ink", "sheet"], ["soft", "sheet"], ["soft", "mark"], ["accent", "sheet"], ["error", "error-ground"],
    ["warning", "warning-ground"], ["note", "note-ground"], ["good", "good-ground"], ["soft", "ground"]];
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await open("sample.html", { colorScheme });
    const palette = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      return Object.fromEntries(["ink", "soft", "accent", "sheet", "mark", "ground", "error", "error-ground", "warning",
        "warning-ground", "note", "note-ground", "good", "good-ground"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    });
    const luminance = (hex) => {
      const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
      const [r, g, b] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const [ink, ground] of pairs) {
      const [low, high] = [luminance(palette[ink]), luminance(palette[ground])].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      assert.ok(contrast >= 4.5, `${colorScheme}: ${ink} on ${ground} is ${contrast.toFixed(2)}`);
    }
    await close();
  }
});

test("a narrow screen needs no scrolling sideways", async () => {
  for (const name of ["sample.html", "hostile.html", "lint.html"]) {
    const { page, close } = await open(name, { viewport: { width: 390, height: 844 } });
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `${name}: ${content} > ${screen}`);
    await close();
  }
});

test("prints as A4 with everything unfolded, and folds again", async () => {
  const { page, close } = await open("sample.html");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.match(pdf.toString("latin1"), /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
  assert.equal(await visible(page, ".finding .body"), 0);
  await page.emulateMedia({ media: "print" });
  assert.equal(await visible(page, ".tools"), 0);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  assert.equal(await visible(page, ".finding .body"), facts().apps[0].findings.length);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator(".finding[open]").count(), 0);
  await close();
});

test("hostile names are shown and do nothing", async () => {
  const { page, close } = await open("hostile.html");
  await page.click('button[data-fold="open"]');
  await page.click('button[data-value="zh"]');
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.equal(await page.locator("script").count(), 1);
  assert.equal(await page.locator("img, iframe, object, embed, link, form, b:not(.figures b), i").count(), 0);
  const handlers = await page.evaluate(() => Array.from(document.querySelectorAll("*"))
    .flatMap((one) => Array.from(one.attributes)).filter((one) => one.name.startsWith("on") || one.name === "style").length);
  assert.equal(handlers, 0);
  const links = await page.evaluate(() => Array.from(document.links).map((link) => link.getAttribute("href")));
  assert.ok(links.every((link) => link.startsWith("#") || link.startsWith("https://")), links.join("\n"));
  assert.match(await page.innerText("h2"), /<script>window\.pwned = 1<\/script>/);
  await close();
});

test("nothing but the page's own script can run in it", async () => {
  const { page, close } = await open("sample.html");
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.pwned = 1";
    document.body.append(script);
    return window.pwned;
  });
  assert.equal(ran, undefined);
  // The browser says that it refused; that is the message we want.
  await assert.rejects(close, /Content Security Policy/);
});

test("without scripts everything can be read", async () => {
  const { page, close } = await open("sample.html", { javaScriptEnabled: false });
  assert.equal(await visible(page, ".finding"), facts().apps[0].findings.length);
  assert.equal(await visible(page, ".tools"), 0);
  assert.equal(await visible(page, ".zh"), 0);
  await page.locator(".finding > summary").first().click();
  assert.equal(await visible(page, ".finding .body"), 1);
  await close();
});
