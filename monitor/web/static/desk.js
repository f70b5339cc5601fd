// What makes the desk quicker; everything works without it. Inserts only what the desk itself has rendered.
"use strict";

const list = document.getElementById("hits");
const fresh = document.getElementById("fresh");

function rendered(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content.firstElementChild;
}

function element(kind, text, name) {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = name;
  return made;
}

async function post(form, button, part = "1") {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(button?.formAction ?? form.action, { method: "POST", body, headers: { "X-Part": part } });
  if (answer.status === 401) location.reload();
  return answer;
}

// --- live hits ---

let arrived = 0;

function arrive(event) {
  const story = rendered(event.data);
  const number = story?.querySelector(".hit")?.dataset.hit;
  if (!number || list.querySelector(`.hit[data-hit="${number}"]`)) return;
  const reading = document.activeElement;
  const before = list.querySelector(`[data-story="${story.dataset.story}"]`);
  story.classList.add("new");
  if (before && !before.contains(reading)) {
    const [was, is] = [before, story].map((one) => one.querySelector("details"));
    if (was?.open && is) is.open = true;
    before.remove();
  }
  list.prepend(story);
  if (window.scrollY > 200) story.getBoundingClientRect().height && window.scrollBy(0, story.offsetHeight);
  document.querySelector(".empty")?.remove();
  arrived += 1;
  fresh.textContent = arrived === 1 ? "1 new hit" : `${arrived} new hits`;
  fresh.hidden = false;
  document.title = `(${arrived}) ${document.title.replace(/^\(\d+\) /, "")}`;
}

function become(event) {
  const is = rendered(event.data);
  list.querySelector(`.became[data-hit="${is?.dataset.hit}"]`)?.replaceWith(is);
}

if (list?.dataset.live) {
  const live = new EventSource(list.dataset.live);
  live.addEventListener("hit", arrive);
  live.addEventListener("became", become);
}

// --- what is done with a hit ---

const partOf = (line) => (line.classList.contains("brief") ? "brief" : "line");

function replaced(line, html, focus) {
  const next = rendered(html);
  line.replaceWith(next);
  (next.querySelector(focus) ?? next).focus({ preventScroll: true });
}

async function act(form, button) {
  const line = button.closest(".hit");
  const answer = await post(form, button, partOf(line));
  if (!answer.ok) return location.reload();
  const same = button.classList.contains("mute") ? ".mute" : `button[name="${button.name}"]`;
  const one = button.name === "verdict" ? `${same}[value="${button.value}"]` : same;
  replaced(line, await answer.text(), line === document.activeElement ? ":scope" : one);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".acting") || !event.submitter?.closest(".hit")) return;
  event.preventDefault();
  act(event.target, event.submitter);
});

// --- notes, written where the hit stands ---

function note(line) {
  const standing = line.querySelector(".writing textarea");
  if (standing) return standing.focus();
  const box = element("div", "", "writing row");
  const text = element("textarea", line.querySelector(".note")?.textContent ?? "", "");
  text.maxLength = 2000;
  text.setAttribute("aria-label", "Note");
  const save = element("button", "Save the note", "");
  save.type = "button";
  save.addEventListener("click", () => keep(line, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") (box.remove(), line.focus());
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save.click();
  });
  box.append(text, save);
  line.querySelector(".what").append(box);
  text.focus();
}

async function keep(line, text) {
  const body = new URLSearchParams({ csrf: document.body.dataset.csrf, note: text });
  const headers = { "X-Part": partOf(line) };
  const answer = await fetch(`/hits/${line.dataset.hit}/note`, { method: "POST", body, headers });
  if (!answer.ok) return location.reload();
  replaced(line, await answer.text(), ":scope");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".acting a.noting");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || document.getElementById("note")) return;
  event.preventDefault();
  note(link.closest(".hit"));
});

// --- keys ---

function step(by) {
  const hits = [...document.querySelectorAll(".hit")].filter((hit) => hit.offsetParent);
  const at = hits.indexOf(document.activeElement?.closest(".hit"));
  const next = hits[Math.min(Math.max(at + by, 0), hits.length - 1)];
  next?.focus();
}

const here = (what) => document.activeElement?.closest(".hit")?.querySelector(what);
const toggle = (details) => details && (details.open = !details.open);
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => here("a.out")?.click(),
  s: () => here("button.star")?.click(),
  r: () => here('button[value="relevant"]')?.click(),
  m: () => here('button[value="wrong"]')?.click(),
  n: () => here("a.noting")?.click(),
  x: () => here("button.mute")?.click(),
  e: () => toggle(document.activeElement?.closest(".story")?.querySelector("details")),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => (toggle(document.getElementById("keys")), document.getElementById("keys")?.scrollIntoView()),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

// --- what takes a while says so ---

document.querySelector(".finding")?.addEventListener("submit", (event) => {
  event.target.querySelector(".wait").textContent = "Looking …";
});

// --- the editor ---

const editor = document.getElementById("editor");
const said = document.getElementById("said");
const shown = document.getElementById("preview");
let asked = 0;

function later(seconds, work) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, seconds * 1000);
  };
}

function ask(path) {
  const body = new URLSearchParams(new FormData(editor));
  return fetch(path, { method: "POST", body, headers: { "X-Part": "1" } });
}

async function check() {
  const number = ++asked;
  const answer = await ask("/topics/check");
  if (!answer.ok || number !== asked) return;
  const { problems, reading } = await answer.json();
  const parts = problems.map((one) => element("pre", one.text, one.severity === "error" ? "problem" : "warning"));
  if (reading) parts.push(element("p", `Reads: ${reading}`, "reading"));
  said.replaceChildren(...parts);
  if (!problems.some((one) => one.severity === "error")) look();
}

async function preview() {
  const number = asked;
  shown.classList.add("waiting");
  const answer = await ask("/topics/preview");
  if (answer.ok && number === asked) {
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    shown.replaceChildren(box.content);
  }
  shown.classList.remove("waiting");
}

const look = later(0.6, preview);

if (editor) {
  editor.addEventListener("input", later(0.25, check));
  document.getElementById("preview-button").addEventListener("click", (event) => {
    event.preventDefault();
    preview();
  });
  if (document.getElementById("query").value || editor.elements.topic.value) preview();
}
