// What keeps the course from running or from saving, in a sentence at the top of the page.
//
// It runs before JupyterLab. It also fetches what the kernel will need, while JupyterLab starts.
"use strict";

const SAY = {
  webassembly:
    "This browser has no WebAssembly, or it is switched off, so Python can’t run here. " +
    "Open the course in a current Firefox, Chrome, Edge or Safari. On iPhones and Macs, Lockdown Mode switches it off.",
  storage:
    "This browser keeps nothing for this page, as in a private window. You can work, but your answers are gone " +
    "when you close it: download the notebook (File › Download), and save your progress with progress() before you go.",
  twice:
    "The course is open in another tab or window too. Both save to the same place, and the last one to save wins: " +
    "go on in one of them and close the other.",
  arrival:
    "A part of the course didn’t arrive. Check your connection and reload this page: " +
    "what has arrived is kept, and so are your answers.",
};
const TRIES = 3;
const PATIENCE = 1500; // milliseconds
const said = new Set();

function unsay(what) {
  said.delete(what);
  document.querySelector(`.course-note[data-about="${what}"]`)?.remove();
}

function say(what) {
  if (said.has(what)) return;
  said.add(what);
  const show = () => {
    const note = document.createElement("div");
    note.className = "course-note";
    note.dataset.about = what;
    note.setAttribute("role", "alert");
    note.style.cssText =
      "position:fixed;z-index:100000;left:0;right:0;bottom:0;padding:.75em 3em .75em 1em;font:16px/1.5 system-ui,sans-serif;" +
      "background:#fff4d6;color:#3a2a00;border-top:2px solid #8a6100";
    note.append(SAY[what]);
    const close = document.createElement("button");
    close.textContent = "×";
    close.setAttribute("aria-label", "Close this note");
    close.style.cssText =
      "position:absolute;right:.5em;top:.5em;font-size:20px;min-width:32px;min-height:32px;color:inherit;background:none;border:0;cursor:pointer";
    close.addEventListener("click", () => note.remove());
    note.append(close);
    document.body.append(note);
  };
  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
}

function watchStorage() {
  if (!navigator.serviceWorker || !window.indexedDB) return say("storage");
  try {
    const probe = indexedDB.open("course-probe");
    probe.onerror = () => say("storage");
    probe.onsuccess = () => probe.result.close();
  } catch {
    say("storage");
  }
}

function watchOtherTabs() {
  if (!navigator.locks) return;
  // A page that was left a moment ago may still have the lock.
  const saying = setTimeout(() => say("twice"), PATIENCE);
  // The lock comes when no other page has it, and is held as long as this one is open.
  navigator.locks.request("course", () => {
    clearTimeout(saying);
    unsay("twice");
    return new Promise(() => {});
  });
}

async function fetchAll() {
  const folder = new URL("../static/pyodide/", location.href);
  const list = await arrives(new URL("pyodide-lock.json", folder));
  if (!list) return;
  const names = Object.values((await list.json()).packages).map((each) => each.file_name);
  const files = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", ...names];
  await Promise.all(files.map((name) => arrives(new URL(name, folder))));
}

async function arrives(address) {
  for (let tried = 0; tried < TRIES; tried++) {
    try {
      const reply = await fetch(address, { priority: "low" });
      if (reply.ok) return new Response(await reply.arrayBuffer());
    } catch {
      // Tried again below; after the last try the page says so.
    }
    await new Promise((done) => setTimeout(done, 1000 * 2 ** tried));
  }
  say("arrival");
  return null;
}

// Scripts and styles of JupyterLab that don't arrive; other errors are JupyterLab's to tell.
addEventListener("error", (event) => event.target instanceof HTMLElement && say("arrival"), true);
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason && reason.name === "ChunkLoadError") say("arrival");
});

watchStorage();
// A page that runs nothing needs no more than that.
if (document.currentScript.dataset.only !== "storage") {
  if (typeof WebAssembly !== "object") say("webassembly");
  watchOtherTabs();
  fetchAll();
}
