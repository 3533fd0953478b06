// On top of a form that works alone: sends without leaving the page, keeps the focus in the
// field, and has each reply announced once. The server renders; nothing is rendered twice.

const form = document.getElementById("ask");
const field = form.elements.message;
const turns = document.getElementById("turns");
const trouble = document.getElementById("trouble");
const waiting = document.getElementById("waiting");
const announcer = document.getElementById("announcer");
const EXPECTED_WITHIN_MS = 2500;
const ANNOUNCED_WITHIN_MS = 5000;
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
  waiting.hidden = false;
  const patience = setTimeout(() => announce(waiting.textContent), EXPECTED_WITHIN_MS);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: { "X-Piece": "1" },
    });
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
  const turn = list.firstElementChild;
  turns.append(turn);
  // What was typed while waiting stays.
  if (field.value === sent) field.value = "";
  turn.scrollIntoView({ block: "start" });
  announce(...piece.querySelector("[data-announcement]").childNodes);
}

// An older turn's choices can no longer be pressed.
function settle(turn) {
  if (!turn) return;
  turn.removeAttribute("id");
  for (const button of turn.querySelectorAll("button")) button.replaceWith(...button.childNodes);
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
