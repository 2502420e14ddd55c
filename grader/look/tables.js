// Tables of a report: a press on a heading sorts, and long ones get a field to search.
"use strict";
const LONG = 10;

function valueOf(row, column) {
    const text = row.cells[column].textContent.trim();
    const number = Number.parseFloat(text);
    return Number.isNaN(number) ? text.toLocaleLowerCase() : number;
}

function compare(one, other) {
    // Numbers first, then words; each among their own kind.
    if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
    return typeof one === "number" ? one - other : one.localeCompare(other, undefined, {numeric: true});
}

function sort(table, column) {
    const heading = table.tHead.rows[0].cells[column];
    const isDown = heading.getAttribute("aria-sort") === "ascending";
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map(row => [valueOf(row, column), row]);
    rows.sort((one, other) => (isDown ? -1 : 1) * compare(one[0], other[0]));
    table.tBodies[0].append(...rows.map(each => each[1]));
}

function search(table, words, told) {
    const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !wanted.every(word => text.includes(word));
        shown += !row.hidden;
    }
    told.textContent = wanted.length ? `${shown} of ${table.tBodies[0].rows.length}` : "";
}

for (const table of document.querySelectorAll("table")) {
    const rows = table.tBodies[0].rows.length;
    if (rows < 2) continue;
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
        const button = document.createElement("button");
        button.append(...heading.childNodes);
        button.addEventListener("click", () => sort(table, column));
        heading.append(button);
    });
    if (rows < LONG) continue;
    const label = document.createElement("label"), field = document.createElement("input");
    const told = document.createElement("span");
    field.type = "search";
    told.setAttribute("role", "status");
    label.append("Search: ", field);
    field.addEventListener("input", () => search(table, field.value, told));
    const line = document.createElement("p");
    line.className = "search";
    line.append(label, " ", told);
    table.parentElement.before(line);
}
