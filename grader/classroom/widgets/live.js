// The one script of the course's widgets: it draws the HTML that Python makes, tells Python what is
// pressed, and changes only what is different, so that the focus, a dragged slider and an unfolded
// fold stay as they are. It loads nothing.

const BUSY_AFTER = 150; // milliseconds

const GREET_AFTER = 500; // milliseconds
const GONE_AFTER = 1000; // milliseconds after a kernel was done with a press, and had no answer
const FAR = 5; // pixels after which a press is a drag
const NEAR = 8; // pixels from the end of a place that count as its end

const SUPPRESS = "data-lm-suppress-shortcuts"; // JupyterLab's own

function isCommand(event) {
  const isRun = event.shiftKey && event.key === "Enter";
  return event.ctrlKey || event.metaKey || event.altKey || isRun;
}

function morph(from, to, isKept) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE || isKept(from, to)) return;
  const isFold = from.nodeName === "DETAILS";
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && !(isFold && name === "open")) from.removeAttribute(name);
  for (const { name, value } of [...to.attributes])
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  if ("value" in from && from.matches("input, textarea, select") && from !== document.activeElement)
    from.value = to.value;
  const old = [...from.childNodes];
  const now = [...to.childNodes];
  now.forEach((node, at) => {
    const before = old[at];
    if (!before) from.append(node);
    else if (before.nodeName === node.nodeName) morph(before, node, isKept);
    else before.replaceWith(node);
  });
  old.slice(now.length).forEach((node) => node.remove());
}

// A place marked `data-follow` shows its end, with the newest line, until somebody scrolls up in it.
// Then it stays as it is while more comes, and goes on when they are at its end again. When nothing
// more comes they still see the same lines, also if letters before them are back: `data-before` says
// how many are left out of a text.
function makeFollowing(root, draw) {
  const left = new WeakSet();
  const all = () => [...root.querySelectorAll("[data-follow]")];
  const texts = (place) => [...place.querySelectorAll("[data-before]")];
  const before = (text) => Number(text.dataset.before);
  const isAtEnd = (place) => place.scrollHeight - place.scrollTop - place.clientHeight < NEAR;
  const topOf = (each) => each.getBoundingClientRect().top;

  const letter = ({ firstChild }, at) => {
    const range = document.createRange();
    range.setStart(firstChild, at);
    range.setEnd(firstChild, at + 1);
    return range.getBoundingClientRect();
  };
  // Return the first letter that is in sight: its text, its place in that, how far down it is.
  const inSight = (place) => {
    const top = topOf(place);
    const number = texts(place).findIndex((each) => each.getBoundingClientRect().bottom > top);
    const text = texts(place)[number];
    if (!text?.firstChild) return undefined;
    let [low, high] = [0, text.firstChild.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (letter(text, middle).bottom > top) high = middle;
      else low = middle + 1;
    }
    return { number, at: before(text) + low, down: letter(text, low).top - top };
  };
  const backTo = (place, { number, at, down }) => {
    const text = texts(place)[number];
    if (!text?.firstChild) return;
    const now = Math.min(Math.max(at - before(text), 0), text.firstChild.length - 1);
    place.scrollTop += letter(text, now).top - topOf(place) - down;
  };
  const onScroll = ({ target }) => {
    if (!target.matches?.("[data-follow]")) return;
    if (!isAtEnd(target)) left.add(target);
    else if (left.delete(target)) draw();
  };
  root.addEventListener("scroll", onScroll, true);
  return {
    // What begins anew has nothing in it.
    isKept: (from, to) => left.has(from) && to.matches("[data-growing]") && to.hasChildNodes(),
    around: (change) => {
      const seen = new Map(all().map((place) => [place, left.has(place) && inSight(place)]));
      change();
      for (const place of all()) {
        if (!place.hasChildNodes()) left.delete(place);
        if (left.has(place)) seen.get(place) && backTo(place, seen.get(place));
        else if (seen.has(place) || place.matches("[data-growing]"))
          place.scrollTop = place.scrollHeight;
      }
    },
  };
}

// A block in a list marked `data-sort` can be dragged to another place, by mouse, by pen, and by
// touch at its grip; arrow keys move the one that has the focus. Python is told from where to where.
function makeSortable(root, tell) {
  let drag = null;
  let isDropped = false;

  const rowAt = (target) => target.closest("[data-sort] > *");
  const clear = () => {
    root.querySelectorAll("[data-dragged], [data-mark]").forEach((row) => {
      row.removeAttribute("data-dragged");
      row.removeAttribute("data-mark");
    });
  };
  const end = () => {
    clear();
    drag = null;
    window.removeEventListener("keydown", onEscape, true);
  };
  // The focus may be anywhere during a drag.
  const onEscape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  const onDown = (event) => {
    const row = rowAt(event.target);
    if (!row || event.button !== 0 || !event.isPrimary) return;
    if (event.pointerType === "touch" && !event.target.closest(".grip")) return;
    const list = row.parentElement;
    const from = [...list.children].indexOf(row);
    drag = { list, from, to: from, id: event.pointerId, y: event.clientY, isMoving: false };
  };
  const onMove = (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.isMoving && Math.abs(event.clientY - drag.y) < FAR) return;
    if (!drag.isMoving) {
      root.setPointerCapture(drag.id);
      window.addEventListener("keydown", onEscape, true);
    }
    drag.isMoving = true;
    clear();
    const rows = [...drag.list.children];
    const [row] = rows.splice(drag.from, 1);
    if (!row) return end();
    const middle = ({ top, height }) => top + height / 2;
    drag.to = rows.filter((each) => middle(each.getBoundingClientRect()) < event.clientY).length;
    row.setAttribute("data-dragged", "");
    if (drag.to === drag.from) return;
    if (drag.to < rows.length) rows[drag.to].setAttribute("data-mark", "above");
    else rows.at(-1).setAttribute("data-mark", "below");
  };
  const onUp = (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { list, from, to, isMoving } = drag;
    end();
    if (!isMoving) return;
    // A browser calls the end of a drag a click too.
    isDropped = true;
    setTimeout(() => (isDropped = false));
    if (to !== from) tell(list.dataset.sort, `${from} ${to}`);
  };
  const onClick = (event) => {
    if (isDropped) event.stopImmediatePropagation();
  };
  const onKey = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = rowAt(event.target);
    if (!by || !row || isCommand(event)) return;
    event.preventDefault();
    const list = row.parentElement;
    tell(list.dataset.step, `${[...list.children].indexOf(row)} ${by}`);
  };
  root.addEventListener("pointerdown", onDown);
  root.addEventListener("pointermove", onMove);
  root.addEventListener("pointerup", onUp);
  root.addEventListener("pointercancel", end);
  root.addEventListener("click", onClick, true);
  root.addEventListener("keydown", onKey);
}

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "gr gr-live";
  el.append(root);
  // Presses are numbered: how many there were, and which was answered last. An answer to a later one
  // stands for those before it: one that got lost on its way is never answered.
  let asked = 0;
  let heard = 0;
  let timer;

  const draw = () => {
    const wanted = document.createElement("div");
    wanted.innerHTML = model.get("html");
    const made = root.cloneNode(false);
    made.append(...wanted.childNodes);
    following.around(() => morph(root, made, following.isKept));
  };
  const following = makeFollowing(root, draw);
  const answered = (message) => {
    if (message?.heard) root.setAttribute("data-heard", "");
    if (!message || message.done === undefined) return;
    heard = Math.max(heard, message.number);
    root.removeAttribute("data-gone");
    // The focus goes along with what was moved.
    if (document.activeElement?.closest("[data-sort]") && root.contains(document.activeElement))
      document.activeElement
        .closest("[data-sort]")
        .querySelector('[aria-pressed="true"]')
        ?.focus({ preventScroll: true });
    if (heard < asked) return;
    clearTimeout(timer);
    root.removeAttribute("aria-busy");
  };
  // Nobody will answer any more: `controls.css` says what to do.
  const leave = () => {
    heard = asked;
    clearTimeout(timer);
    root.removeAttribute("aria-busy");
    root.setAttribute("data-gone", "");
  };
  const tell = (act, value, more = {}, buffers = []) => {
    const mine = (asked += 1);
    clearTimeout(timer);
    timer = setTimeout(() => heard < asked && root.setAttribute("aria-busy", "true"), BUSY_AFTER);
    // A kernel that was restarted doesn't know the view: it's done without an answer.
    const status = ({ content }) =>
      content.execution_state === "idle" && setTimeout(() => heard < mine && leave(), GONE_AFTER);
    try {
      model.send({ act, value: String(value), number: mine, ...more }, { iopub: { status } }, buffers);
    } catch {
      // JupyterLab closes what led to a kernel when it restarts that.
      leave();
    }
  };
  const tellOf = (control) =>
    tell(control.dataset.act, control.dataset.value ?? control.value ?? "");
  // A file is chosen in the browser's own dialog; one that is too large isn't read.
  const choose = ({ dataset }) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = dataset.file;
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      const content = file.size > Number(dataset.most) ? null : await file.arrayBuffer();
      tell(dataset.act, file.name, { size: file.size }, content ? [content] : []);
    });
    input.click();
  };
  const onClick = (event) => {
    const control = event.target.closest("button[data-act]");
    if (!control || control.disabled || control.ariaDisabled === "true") return;
    if (control.dataset.file === undefined) tellOf(control);
    else choose(control);
  };
  const onInput = (event) => {
    if (event.target.matches("input[type=range][data-act]")) tellOf(event.target);
  };
  const onChange = (event) => {
    if (event.target.matches("[data-act]:is(select, textarea, input:not([type=range]))"))
      tellOf(event.target);
  };
  // JupyterLab would take arrow keys and letters for itself, before they are here; it shall have
  // Ctrl+S and Shift+Enter. The window hears of a key first of all.
  const onAnyKey = (event) => {
    if (root.contains(event.target)) root.toggleAttribute(SUPPRESS, !isCommand(event));
  };
  // The notebook around it would take the arrow keys too, while they bubble.
  const onKey = (event) => {
    if (!isCommand(event) && event.key !== "Escape" && event.key !== "Tab") event.stopPropagation();
  };
  makeSortable(root, tell);
  window.addEventListener("keydown", onAnyKey, true);
  root.addEventListener("keydown", onKey);
  root.addEventListener("click", onClick);
  root.addEventListener("input", onInput);
  root.addEventListener("change", onChange);
  model.on("change:html", draw);
  model.on("msg:custom", answered);
  draw();
  // ipykernel 7.4 lets a busy kernel answer a view only in the thread in which it last answered it
  // (ipykernel/comm/comm.py), so one answer has to come before anybody presses. JupyterLab needs
  // a moment to open that thread.
  const greeting = setTimeout(() => model.send({ here: true }), GREET_AFTER);
  return () => {
    clearTimeout(greeting);
    window.removeEventListener("keydown", onAnyKey, true);
    model.off("change:html", draw);
    model.off("msg:custom", answered);
  };
}

export default { render };
