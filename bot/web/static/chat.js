// On top of a form that works alone: sends without leaving the page, keeps the focus in the
// field, and has each reply announced once. The server renders; nothing is rendered twice.
// voice.js talks to this script by events: "heard" and "announce" come, "turn" and "sending" go.

const form = document.getElementById("ask");
const field = form.elements.message;
const turns = document.getElementById("turns");
const trouble = document.getElementById("trouble");
const waiting = document.getElementById("waiting");
const announcer = document.getElementById("announcer");
const EXPECTED_WITHIN_MS = 2500;
const ANNOUNCED_WITHIN_MS = 5000;
const NEWS_EVERY_MS = 4000;
let underWay = false;
let forgetting = 0;

for (const each of [form, document.getElementById("choose")]) {
  each.addEventListener("submit", (event) => {
    event.preventDefault();
    if (underWay) return;
    const data = new URLSearchParams(new FormData(each));
    if (event.submitter?.name === "pick") data.set("pick", event.submitter.value);
    send(data);
  });
}

async function send(data) {
  underWay = true;
  trouble.replaceChildren();
  announcer.replaceChildren();
  document.dispatchEvent(new CustomEvent("sending"));
  waiting.hidden = false;
  const patience = setTimeout(() => announce(waiting.textContent), EXPECTED_WITHIN_MS);
  try {
    const response = await post(form.action, data);
    const piece = parse(await response.text());
    if (response.ok) show(piece, data.get("message"));
    else complain(piece);
  } catch {
    complain(document.getElementById("unreachable").content.cloneNode(true));
  } finally {
    clearTimeout(patience);
    waiting.hidden = true;
    underWay = false;
    field.focus();
  }
}

function post(address, data) {
  return fetch(address, { method: "POST", body: data, headers: { "X-Piece": "1" } });
}

// The server escaped everything; a template runs nothing.
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function show(piece, sent) {
  const list = piece.querySelector("[data-next-id]");
  setAll("message_id", list.dataset.nextId);
  document.getElementById("examples")?.remove();
  settle(document.getElementById("latest"));
  // What was typed while waiting stays.
  if (field.value === sent) field.value = "";
  append(piece);
}

// Puts the turns of a piece at the end, and has them announced.
function append(piece) {
  const list = piece.querySelector("[data-next-id]");
  if ("live" in list.dataset) listenForNews();
  const added = [...list.children];
  turns.append(...added);
  added[0]?.scrollIntoView({ block: "start" });
  announce(...piece.querySelector("[data-announcement]").childNodes);
  for (const turn of added) document.dispatchEvent(new CustomEvent("turn", { detail: turn }));
}

// An older turn's choices can no longer be pressed, nor can it be rated.
function settle(turn) {
  if (!turn) return;
  turn.removeAttribute("id");
  turn.querySelector(".rate")?.remove();
  for (const button of turn.querySelectorAll("button[name=pick]")) {
    button.replaceWith(...button.childNodes);
  }
}

// A screen reader takes the words at once; they go again, so that nobody who browses the page
// meets a reply twice.
function announce(...words) {
  clearTimeout(forgetting);
  announcer.replaceChildren(...words);
  forgetting = setTimeout(() => announcer.replaceChildren(), ANNOUNCED_WITHIN_MS);
}

function setAll(name, value) {
  for (const input of document.getElementsByName(name)) input.value = value;
}

function complain(piece) {
  const { token, nextId } = piece.querySelector("[data-token]")?.dataset ?? {};
  if (token) setAll("token", token);
  if (nextId) setAll("message_id", nextId);
  trouble.replaceChildren(piece);
}

// 有帮助吗: the thanks take the place of the buttons, and the focus, which would be lost.
turns.addEventListener("submit", async (event) => {
  if (!event.target.matches(".rate")) return;
  event.preventDefault();
  const data = new URLSearchParams(new FormData(event.target, event.submitter));
  try {
    const response = await post(event.target.action, data);
    if (!response.ok) return;
    const piece = parse(await response.text());
    const thanks = piece.querySelector(".thanks");
    event.target.replaceWith(piece);
    thanks.focus();
  } catch {
    announce(document.getElementById("unreachable").content.textContent);
  }
});

// What a person of the staff writes comes by asking now and then, once somebody may write.
let listening = false;
function listenForNews() {
  if (!listening) setTimeout(fetchNews, NEWS_EVERY_MS);
  listening = true;
}

async function fetchNews() {
  try {
    // An answer under way is announced first, whole.
    if (!underWay) await takeNews();
  } catch {
    // Asked again soon; what was written waits at the server.
  }
  setTimeout(fetchNews, NEWS_EVERY_MS);
}

async function takeNews() {
  const theirs = [...turns.querySelectorAll('[data-by="staff"]')];
  const after = Math.max(0, ...theirs.map((turn) => Number(turn.dataset.number)));
  const response = await fetch(`/chat/news?after=${after}`, { headers: { "X-Piece": "1" } });
  if (response.status === 200) append(parse(await response.text()));
}

if ("live" in turns.dataset) listenForNews();

// Spoken words are sent like typed ones, with the recogniser's other readings.
document.addEventListener("heard", ({ detail }) => {
  field.value = detail.text;
  if (detail.unsure) field.focus();
  if (underWay || detail.unsure) return;
  const data = new URLSearchParams(new FormData(form));
  data.set("spoken", "1");
  for (const reading of detail.alternatives) data.append("alternative", reading);
  send(data);
});
document.addEventListener("announce", ({ detail }) => announce(detail));
