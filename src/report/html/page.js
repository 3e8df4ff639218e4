"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const search = document.getElementById("search");

  // Words that stand in attributes, where no element can hold both languages.
  const speak = () => {
    const lang = root.dataset.lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = document.querySelector("title").dataset[lang];
    search.placeholder = search.dataset[lang];
    search.setAttribute("aria-label", search.dataset[lang]);
    for (const group of all("[data-label-en]")) {
      group.setAttribute("aria-label", lang === "zh" ? group.dataset.labelZh : group.dataset.labelEn);
    }
  };

  const press = () => {
    for (const button of all("[data-set]")) {
      const value = root.dataset[button.dataset.set] || "auto";
      button.setAttribute("aria-pressed", String(value === button.dataset.value));
    }
  };

  // Shows what search and filters leave, and says how much that is.
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const section of all("[data-filtered]")) {
      const items = all(section.dataset.filtered === "finding" ? ".finding" : "tbody > tr", section)
        .filter((item) => !item.parentElement.closest(".finding, td"));
      const off = (name) => new Set(all(`input[data-${name}]:not(:checked)`, section).map((box) => box.dataset[name]));
      const severities = off("severity"), standings = off("standing");
      const select = section.querySelector("select[data-rule]");
      const rule = select ? select.value : "";
      let shown = 0;
      for (const item of items) {
        const text = item.textContent.toLowerCase();
        const visible = words.every((word) => text.includes(word)) && !severities.has(item.dataset.severity) &&
          !standings.has(item.dataset.standing) && (!rule || item.dataset.rule === rule);
        item.hidden = !visible;
        shown += visible;
      }
      for (const place of all(".shown", section)) place.textContent = shown < items.length ? `${shown} / ${items.length}` : "";
      for (const place of all(".nothing", section)) place.hidden = shown > 0 || items.length === 0;
    }
  };

  const unfold = (item) => {
    for (let part = item; part; part = part.parentElement && part.parentElement.closest("details")) part.open = true;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.set) {
      root.dataset[button.dataset.set] = button.dataset.value;
      speak();
      press();
    } else if ("fold" in button.dataset) {
      for (const item of all(".finding", button.closest("section"))) item.open = button.dataset.fold === "open";
    } else if (button.id === "print") {
      window.print();
    }
  });
  search.addEventListener("input", filter);
  document.addEventListener("change", filter);

  // Paper has no folds. What is folded in a cell of a table stays so: the findings have it in full.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all(".finding:not([open]), .rule:not([open])");
    for (const item of folded) item.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const item of folded) item.open = false;
    folded = [];
  });

  const arrive = () => {
    const aim = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (aim && aim.tagName === "DETAILS") unfold(aim);
  };
  window.addEventListener("hashchange", arrive);

  for (const part of all(".tools, .filters")) part.hidden = false;
  speak();
  press();
  arrive();
})();
