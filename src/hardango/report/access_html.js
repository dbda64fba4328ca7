"use strict";
(() => {
  const form = document.getElementById("filters");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const rows = [...document.querySelectorAll("tr[data-reach]")];
  const nothing = document.querySelector(".nothing");
  const texts = new Map(
    rows.map((row) => [
      row,
      [row.closest(".app").querySelector("h2"), ...[...row.cells].slice(0, 3)]
        .map((cell) => cell.textContent).join(" ").toLowerCase(),
    ]),
  );

  /* Nothing ticked means everything; every word of the search has to be there. */
  function filter() {
    const reaches = new Set([...form.querySelectorAll("[name=reach]:checked")].map((box) => box.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.hidden = !(
        (!reaches.size || reaches.has(row.dataset.reach)) &&
        words.every((word) => texts.get(row).includes(word))
      );
      count += !row.hidden;
    }
    for (const app of document.querySelectorAll(".app")) {
      app.hidden = !app.querySelector("tr[data-reach]:not([hidden])");
    }
    nothing.hidden = count > 0;
    shown.textContent = count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
  }

  function closeCells(but) {
    for (const cell of document.querySelectorAll("details.cell[open]")) {
      if (cell !== but) cell.open = false;
    }
  }

  /* A link to a route shows it, whatever is filtered. */
  function showTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) {
      form.reset();
      setTimeout(() => target.scrollIntoView());
    }
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  document.addEventListener("click", (event) => closeCells(event.target.closest("details.cell")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeCells(null);
  });
  addEventListener("hashchange", showTarget);
  form.hidden = false;
  filter();
})();
