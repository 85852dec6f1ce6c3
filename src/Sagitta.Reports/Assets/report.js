"use strict";
for (const button of document.querySelectorAll("table.sortable th button")) {
  button.addEventListener("click", () => {
    const header = button.closest("th");
    const body = header.closest("table").tBodies[0];
    const column = header.cellIndex;
    const descending = header.getAttribute("aria-sort") === "ascending";
    for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const key = row => {
      const value = row.cells[column].dataset.value;
      return value === undefined ? row.cells[column].textContent.trim() : value === "" ? NaN : Number(value);
    };
    const missing = k => typeof k === "number" && Number.isNaN(k);
    const compare = (a, b) => {
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
      return descending ? -order : order;
    };
    const rows = Array.from(body.rows, row => ({ row, key: key(row) }));
    rows.sort((a, b) => compare(a.key, b.key));
    for (const { row } of rows) body.append(row);
  });
}
for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", async () => {
    const code = button.parentElement.querySelector("code");
    let copied = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied = true;
    } catch {
      // A page opened from disk may not write to the clipboard: select the text instead, ready for the keyboard.
      getSelection().selectAllChildren(code);
    }
    button.textContent = copied ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}
for (const pages of document.querySelectorAll(".pages")) {
  const all = Array.from(pages.querySelectorAll(":scope > .page"));
  const buttons = [pages.querySelector(".previous"), pages.querySelector(".next")];
  let shown = 0;
  const show = number => {
    shown = Math.max(0, Math.min(number, all.length - 1));
    all.forEach((page, i) => { page.classList.toggle("away", i !== shown); });
    pages.querySelector("output").textContent = `${shown + 1} of ${all.length}`;
    buttons[0].disabled = shown === 0;
    buttons[1].disabled = shown === all.length - 1;
  };
  buttons.forEach((button, i) => button.addEventListener("click", () => { show(shown + 2 * i - 1); }));
  pages.querySelector(".pager").addEventListener("keydown", event => {
    if (event.key === "ArrowLeft") show(shown - 1);
    if (event.key === "ArrowRight") show(shown + 1);
  });
  show(0);
}
