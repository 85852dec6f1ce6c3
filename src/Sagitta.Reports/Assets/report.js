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
