// What makes the desk quicker; everything works without it. Inserts only what the desk itself has rendered.
"use strict";

const list = document.getElementById("hits");
const fresh = document.getElementById("fresh");

function rendered(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content.firstElementChild;
}

async function post(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "1" } });
  if (answer.status === 401) location.reload();
  return answer;
}

// --- live hits ---

function arrive(event) {
  const line = rendered(event.data);
  if (!line || list.querySelector(`[data-hit="${line.dataset.hit}"]`)) return;
  line.classList.add("new");
  const reading = document.activeElement;
  list.prepend(line);
  if (window.scrollY > 200) line.getBoundingClientRect().height && window.scrollBy(0, line.offsetHeight);
  if (reading && reading !== document.body) reading.focus({ preventScroll: true });
  document.querySelector(".empty")?.remove();
  const count = list.querySelectorAll(".hit.new").length;
  fresh.textContent = count === 1 ? "1 new hit" : `${count} new hits`;
  fresh.hidden = false;
  document.title = `(${count}) ${document.title.replace(/^\(\d+\) /, "")}`;
}

if (list?.dataset.live) {
  new EventSource(list.dataset.live).addEventListener("hit", arrive);
}

// --- judging ---

async function judge(form, button) {
  const answer = await post(form, button);
  if (!answer.ok) return form.submit();
  const line = form.closest(".hit");
  const next = rendered(await answer.text());
  if (line.classList.contains("new")) next.classList.add("new");
  const verdict = button.value;
  const focused = line === document.activeElement;
  line.replaceWith(next);
  (focused ? next : next.querySelector(`button[value="${verdict}"]`)).focus({ preventScroll: true });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".judge")) return;
  event.preventDefault();
  judge(event.target, event.submitter);
});

// --- keys ---

function step(by) {
  const hits = [...document.querySelectorAll(".hit")];
  const at = hits.indexOf(document.activeElement?.closest(".hit"));
  const next = hits[Math.min(Math.max(at + by, 0), hits.length - 1)];
  next?.focus();
}

const here = (what) => document.activeElement?.closest(".hit")?.querySelector(what);
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => here("a.out")?.click(),
  r: () => here('button[value="relevant"]')?.click(),
  m: () => here('button[value="wrong"]')?.click(),
  "/": () => document.getElementById("search")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
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

function element(kind, text, name) {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = name;
  return made;
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
