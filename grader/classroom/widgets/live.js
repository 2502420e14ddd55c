// The one script of the course's widgets: it draws the HTML that Python makes, tells Python what is
// pressed, and changes only what is different, so that the focus, a dragged slider and an unfolded
// fold stay as they are. It loads nothing.

const BUSY_AFTER = 150; // milliseconds

const SUPPRESS = "data-lm-suppress-shortcuts"; // JupyterLab's own

function isCommand(event) {
  const isRun = event.shiftKey && event.key === "Enter";
  return event.ctrlKey || event.metaKey || event.altKey || isRun;
}

function morph(from, to) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) return;
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
    else if (before.nodeName === node.nodeName) morph(before, node);
    else before.replaceWith(node);
  });
  old.slice(now.length).forEach((node) => node.remove());
}

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "gr gr-live";
  el.append(root);
  let waiting = 0;
  let timer;

  const draw = () => {
    const wanted = document.createElement("div");
    wanted.innerHTML = model.get("html");
    const made = root.cloneNode(false);
    made.append(...wanted.childNodes);
    morph(root, made);
  };
  const answered = (message) => {
    if (!message || message.done === undefined) return;
    waiting = Math.max(0, waiting - 1);
    if (waiting) return;
    clearTimeout(timer);
    root.removeAttribute("aria-busy");
  };
  const tell = (control) => {
    const { act } = control.dataset;
    const value = control.dataset.value ?? control.value ?? "";
    waiting += 1;
    clearTimeout(timer);
    timer = setTimeout(() => waiting && root.setAttribute("aria-busy", "true"), BUSY_AFTER);
    model.send({ act, value: String(value) });
  };
  const onClick = (event) => {
    const control = event.target.closest("button[data-act]");
    if (control && !control.disabled) tell(control);
  };
  const onInput = (event) => {
    if (event.target.matches("input[type=range][data-act]")) tell(event.target);
  };
  const onChange = (event) => {
    if (event.target.matches("[data-act]:is(select, textarea, input:not([type=range]))"))
      tell(event.target);
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
  window.addEventListener("keydown", onAnyKey, true);
  root.addEventListener("keydown", onKey);
  root.addEventListener("click", onClick);
  root.addEventListener("input", onInput);
  root.addEventListener("change", onChange);
  model.on("change:html", draw);
  model.on("msg:custom", answered);
  draw();
  return () => {
    window.removeEventListener("keydown", onAnyKey, true);
    model.off("change:html", draw);
    model.off("msg:custom", answered);
  };
}

export default { render };
