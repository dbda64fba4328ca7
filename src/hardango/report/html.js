"use strict";
(() => {
  const form = document.getElementById("filters");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const openAll = document.getElementById("open");
  const rows = [...document.querySelectorAll("[data-verdict]")];
  const findings = [...document.querySelectorAll("details.finding")];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  const ticked = (name) =>
    new Set([...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value));

  /* Nothing ticked means everything; every word of the search has to be there. */
  function filter() {
    const severities = ticked("severity");
    const verdicts = ticked("verdict");
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const fits =
        (!severities.size || severities.has(row.dataset.severity)) &&
        (!verdicts.size || verdicts.has(row.dataset.verdict)) &&
        words.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      count += fits;
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector("[data-verdict]:not([hidden])");
    }
    for (const nothing of document.querySelectorAll(".nothing")) {
      nothing.hidden = Boolean(nothing.parentElement.querySelector("[data-verdict]:not([hidden])"));
    }
    shown.textContent =
      count === rows.length ? `${count} controls` : `${count} of ${rows.length} controls`;
  }

  function openEvery(open) {
    for (const finding of findings) finding.open = open;
    openAll.textContent = open ? "Close all" : "Open all";
    openAll.setAttribute("aria-pressed", String(open));
  }

  /* A link to a finding opens it, also when it was sent to somebody. */
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  openAll.addEventListener("click", () => openEvery(openAll.getAttribute("aria-pressed") !== "true"));
  addEventListener("hashchange", openTarget);
  document.getElementById("choices").open = matchMedia("(min-width: 40.01rem)").matches;
  form.hidden = false;
  filter();
  openTarget();
})();
