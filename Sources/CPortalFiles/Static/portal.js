// What the portal adds when scripts run: live pages, copy buttons, forms that submit on change.
// Every page works without it. No inline code, no dependencies.
"use strict";

document.documentElement.classList.add("js");

const say = (text) => {
  const place = document.getElementById("live");
  if (!place || !text) return;
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
};

// ---- Live pages: on a change the page is fetched again and its [data-live] parts are exchanged.

/** Somebody is in the middle of something here: typing, or having chosen what is not sent yet. */
const busy = (part) => {
  const focus = document.activeElement;
  if (part.contains(focus) && focus.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return true;
  return [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some((e) =>
    e.localName === "select" ? [...e.options].some((o) => o.selected !== o.defaultSelected) && [...e.options].some((o) => o.defaultSelected)
    : e.type === "checkbox" || e.type === "radio" ? e.checked !== e.defaultChecked : e.value !== e.defaultValue);
};

/** Where the focus is, in words that still hold after the exchange. */
const focusPath = (part) => {
  const focus = document.activeElement;
  if (!part.contains(focus) || focus === part) return null;
  if (focus.id) return () => document.getElementById(focus.id);
  const kind = focus.localName, href = focus.getAttribute("href"), name = focus.getAttribute("name");
  const index = [...part.querySelectorAll(kind)].indexOf(focus);
  return (fresh) => {
    const same = [...fresh.querySelectorAll(kind)];
    return same.find((e) => (href && e.getAttribute("href") === href) || (name && e.getAttribute("name") === name && e.value === focus.value)) ?? same[index];
  };
};

const sameText = new Map();   // what the server last sent for each part; the page itself may have opened details since

const exchange = (part, fresh) => {
  const key = part.dataset.live, text = fresh.outerHTML;
  if ((sameText.get(key) ?? part.outerHTML) === text) return true;
  if (busy(part)) return false;
  const find = focusPath(part), scrolled = [...part.querySelectorAll("[tabindex]")].map((e) => [e.scrollLeft, e.scrollTop]);
  [...part.querySelectorAll("details")].forEach((old, i) => {
    const twin = old.id ? fresh.querySelector(`#${CSS.escape(old.id)}`) : fresh.querySelectorAll("details")[i];
    if (twin) twin.open = old.open;
  });
  part.replaceWith(fresh);
  sameText.set(key, text);
  fresh.querySelectorAll("[tabindex]").forEach((e, i) => { if (scrolled[i]) [e.scrollLeft, e.scrollTop] = scrolled[i]; });
  find?.(fresh)?.focus({ preventScroll: true });
  prepare(fresh);
  return true;
};

const refresh = async () => {
  const answer = await fetch(location.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  let done = true;
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
    if (fresh && !exchange(part, document.importNode(fresh, true))) done = false;
  }
  return done;
};

const live = (address) => {
  let source = null, timer = 0, running = false, again = false;
  const state = (word) => document.querySelectorAll("[data-live-state]").forEach((e) => {
    e.dataset.state = word;
    e.textContent = e.dataset[word] ?? e.textContent;
    e.hidden = false;
  });
  const run = async () => {
    if (running) { again = true; return; }
    running = true;
    // A part somebody works in is left alone and caught up with when they have left it.
    try { if (!await refresh()) addEventListener("focusout", () => later(300), { once: true }); } catch { state("lost"); }
    running = false;
    if (again) { again = false; later(300); }
  };
  const later = (delay) => { timer ||= setTimeout(() => { timer = 0; run(); }, delay); };
  const open = () => {
    if (source) return;
    source = new EventSource(address);
    // Nobody told what changed between the page and this connection.
    source.addEventListener("open", () => { state("open"); later(0); });
    source.addEventListener("error", () => state("lost"));
    source.addEventListener("change", () => later(300));
  };
  const close = () => { source?.close(); source = null; clearTimeout(timer); timer = 0; };
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) { open(); later(0); } });
  open();
};

// ---- Small conveniences

const prepare = (root) => {
  root.querySelectorAll("[data-file-into]").forEach((field) => { field.hidden = false; });
  root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = !navigator.clipboard; });
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    const from = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(from.value ?? from.textContent);
      say(button.dataset.copied);
    } catch { getSelection().selectAllChildren(from); }
  }
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

document.addEventListener("change", async (event) => {
  // A file becomes the text of a field, where it can be looked at before it is sent.
  const place = event.target.closest?.("[data-file-into]");
  const file = place && event.target.files?.[0];
  if (file) document.getElementById(place.dataset.fileInto).value = await file.text();
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]")) form.requestSubmit();
});

prepare(document);
if (document.body.dataset.events && "EventSource" in window) live(document.body.dataset.events);
