// The lessons that this browser keeps, and a zip file of them as `grader grade` wants it:
// <student>/<lesson>/<lesson>.ipynb
"use strict";

const LESSON = /^(\d\d_\w+)\/\1\.ipynb$/;

// JupyterLite's contents, in its own database (@jupyterlite/services, "JupyterLite Storage").
async function keptFiles() {
  const home = new URL(".", location.href).pathname;
  const names = (await indexedDB.databases()).map((each) => each.name);
  const name = names.find((each) => each === `JupyterLite Storage - ${home}`);
  if (!name) return [];
  const database = await promised(indexedDB.open(name));
  try {
    if (!database.objectStoreNames.contains("files")) return [];
    return await promised(database.transaction("files").objectStore("files").getAll());
  } finally {
    database.close();
  }
}

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function keptLessons() {
  const files = await keptFiles();
  return files.filter((each) => LESSON.test(each.path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

// A zip file without compression: APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
function zip(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [path, content] of entries) {
    const name = new TextEncoder().encode(path);
    // Names are UTF-8 (bit 11); the day is 1 January 1980.
    const common = numbers([20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [crc32(content), 4], [content.length, 4], [content.length, 4], [name.length, 2], [0, 2]);
    const local = [numbers([0x04034b50, 4]), common, name, content];
    directory.push(numbers([0x02014b50, 4], [20, 2]), common, numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    parts.push(...local);
    offset += length(local);
  }
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [entries.length, 2], [entries.length, 2], [length(directory), 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

function numbers(...values) {
  return Uint8Array.from(values.flatMap(([value, size]) => Array.from({ length: size }, (_, place) => (value >>> (8 * place)) & 0xff)));
}

function length(parts) {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function tell(words) {
  document.getElementById("told").textContent = words;
}

async function showLessons() {
  const lessons = await keptLessons();
  const rows = lessons.map(({ path, last_modified: saved }) => {
    const row = document.createElement("tr");
    const link = document.createElement("a");
    link.href = `lab/index.html?path=${path}`;
    link.textContent = LESSON.exec(path)[1];
    row.append(document.createElement("td"), document.createElement("td"));
    row.children[0].append(link);
    row.children[1].textContent = new Date(saved).toLocaleString();
    return row;
  });
  document.getElementById("lessons").replaceChildren(...rows);
  document.getElementById("none").hidden = lessons.length > 0;
}

async function handIn(event) {
  event.preventDefault();
  const student = document.getElementById("student").value.trim();
  if (!student || /[\\/:*?"<>|\p{Cc}]|^\.|[. ]$/u.test(student)) {
    return tell("The name becomes a folder. Leave out / \\ : * ? \" < > |, and a dot at either end.");
  }
  const lessons = await keptLessons();
  if (!lessons.length) return tell("There is nothing to hand in yet: open a lesson and run a cell.");
  const entries = lessons.map(({ path, content }) => {
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 1) + "\n";
    return [`${student}/${path}`, new TextEncoder().encode(text)];
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(zip(entries));
  link.download = `${student}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  tell(`${student}.zip holds ${lessons.length === 1 ? "one lesson" : `${lessons.length} lessons`}. Give it to your instructor as it is.`);
}

document.getElementById("hand-in").addEventListener("submit", handIn);
addEventListener("pageshow", () => showLessons().catch(() => tell("This browser keeps nothing for this page, as in a private window.")));
