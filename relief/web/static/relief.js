// Makes pages quicker; each works without it. No data leaves but to this office.
"use strict";

const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
const keysOn = document.body.dataset.keys !== "off";

// The first thing that is wrong, or the field to begin with, has the focus.
document.querySelector("[data-focus]")?.focus();

// Menus close when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }  // a double click makes one record
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// In the entry form Enter saves; Shift and Enter begin a new line.
for (const form of document.querySelectorAll("form[data-enter]")) {
  for (const hint of form.querySelectorAll(".enter-hint")) hint.hidden = false;
  form.addEventListener("keydown", (event) => {
    // While Chinese is composed, Enter takes the word; Safari says so by the code 229 alone.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    // A name alone is no entry: what it is about comes next.
    const unsaid = event.target.matches("[name=name]") && [...form.querySelectorAll("textarea")].every((each) => !each.value.trim());
    if (!unsaid && !event.target.matches("textarea")) return;
    event.preventDefault();
    if (unsaid) form.querySelector("textarea").focus();
    else form.requestSubmit();
  });
}

// What is typed is kept on the server, for its owner alone, a moment after the last key.
for (const form of document.querySelectorAll("form[data-draft]")) {
  let waiting = 0;
  const rest = () => { clearTimeout(waiting); waiting = 0; };
  const keep = async () => {
    rest();
    if (form.dataset.sent) return;
    const body = new URLSearchParams(new FormData(form));
    await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true }).catch(() => {});
  };
  const hint = form.nextElementSibling?.matches(".draft-hint") ? form.nextElementSibling : null;
  form.addEventListener("input", () => { if (hint) hint.hidden = !form.querySelector("textarea").value.trim(); });
  form.addEventListener("input", () => { rest(); waiting = setTimeout(keep, 2000); });
  form.addEventListener("submit", rest);
  // Another form leads away (the language, the search): what was typed is kept first, or it is not there on the way back.
  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form || other.method !== "post" || !waiting || event.defaultPrevented) return;
    if (other.matches("[data-throw-away]")) { rest(); return; }
    event.preventDefault();
    await keep();
    delete other.dataset.sent;
    other.requestSubmit(event.submitter);
  });
  addEventListener("pagehide", () => { if (waiting) keep(); });
}

// Whoever is typed in may have been here before: shown while typing, the clerk decides.
for (const place of document.querySelectorAll("[data-likely]")) {
  const form = place.closest("form");
  const watched = ["name", "phone", "id_number"].map((name) => form.elements[name]).filter(Boolean);
  let waiting, asked = 0;
  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(place.dataset.likely, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (mine === asked && answer?.ok && !answer.redirected) place.innerHTML = await answer.text();
  };
  for (const field of watched) field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 500); });
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-to]");
    if (!button) return;
    form.elements.outcome.value = "to";
    form.elements.to.value = button.dataset.to;
    form.elements.matter.focus();
  });
}

// What is likely is filled in at a press.
for (const button of document.querySelectorAll("[data-fill]")) {
  const field = document.getElementById(button.dataset.fill);
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

// Queues are counted after the list is there: nobody waits for it.
for (const queues of document.querySelectorAll("[data-counts]")) {
  fetch(queues.dataset.counts, { headers: { Accept: "application/json" } }).then((answer) => answer.ok && !answer.redirected ? answer.json() : {}).then((counts) => {
    for (const link of queues.querySelectorAll("[data-count]")) {
      const said = counts[link.dataset.count] ?? "", count = link.querySelector(".count");
      count.textContent = said;
      count.classList.toggle("none", said === "0");
    }
  }).catch(() => {});
}

// All rows of a page are ticked, or none; how many are is said beside.
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const form = document.getElementById(all.dataset.tickAll);
  const ticks = [...form.elements].filter((each) => each.name === "cases");
  const said = form.querySelector("[data-ticked]");
  const tell = () => {
    const ticked = ticks.filter((each) => each.checked).length;
    all.checked = ticked > 0 && ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
    said.textContent = ticked || "";
    form.toggleAttribute("data-some", ticked > 0);
  };
  all.hidden = said.hidden = false;
  all.addEventListener("change", () => { for (const each of ticks) each.checked = all.checked; tell(); });
  form.querySelector("[data-tick-link]").addEventListener("click", (event) => { event.preventDefault(); all.click(); });
  for (const each of ticks) each.addEventListener("change", tell);
  tell();
}

// Pages that are made to be printed have a button for it; a letter is printed out of its frame.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  const frame = document.getElementById(button.dataset.print);
  button.addEventListener("click", (event) => { event.preventDefault(); (frame ? frame.contentWindow : window).print(); });
}

// Keys: `/` finds, `?` shows them, `g` and a letter go to a room, a page's own press its buttons.
const dialog = document.getElementById("keys");
const help = document.querySelector("[data-keys-help]");
if (dialog && help && keysOn) {
  help.hidden = false;
  help.addEventListener("click", () => dialog.showModal());
}
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  }
  if (!keysOn || event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || dialog?.open) return;
  if (going) {
    going = false;
    const room = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (room) { event.preventDefault(); room.click(); }
    return;
  }
  const own = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "/") { event.preventDefault(); document.getElementById("search")?.focus(); }
  else if (event.key === "?") { event.preventDefault(); dialog?.showModal(); }
  else if (event.key === "g") going = true;
  else if (own) { event.preventDefault(); own.click(); own.focus?.(); }
});
