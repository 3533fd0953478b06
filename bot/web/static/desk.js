// Every page of the desk: the end of the session told in time, and keys instead of a mouse.

const page = document.documentElement;
const ending = document.getElementById("ending");
const help = document.getElementById("help");
const WARN_S = 120;
let endsAt = Date.now() + Number(page.dataset.endsIn) * 1000;

// -- the session

// Any answer of the desk says how long the session still lasts.
function heard(response) {
  const left = response.headers.get("x-desk-ends-in");
  if (left !== null) endsAt = Date.now() + Number(left) * 1000;
  if (response.status === 401) location.assign("/desk/sign-in?why=idle");
  return response;
}

async function look() {
  if (endsAt - Date.now() > WARN_S * 1000) {
    if (ending.open) ending.close();
    return;
  }
  // Another tab may have put it off meanwhile.
  heard(await fetch("/desk/session", { headers: { "X-Piece": "1" } }));
  const leftS = Math.round((endsAt - Date.now()) / 1000);
  if (leftS > WARN_S) return;
  ending.querySelector("[data-left]").textContent =
    leftS > 60 ? `${Math.ceil(leftS / 60)}分钟` : `${Math.max(leftS, 0)}秒`;
  if (!ending.open) ending.showModal();
}
setInterval(() => look().catch(() => {}), 15_000);

ending.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  heard(await fetch("/desk/stay", { method: "POST", body: new URLSearchParams(new FormData(event.target)) }));
  ending.close();
});

// -- keys

const keys = new Map();

// `goes` is called when the key is pressed, wherever the focus is.
function onKey(key, goes) {
  keys.set(key, goes);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const goes = keys.get(event.key);
  if (!goes || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  goes();
});

for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
onKey("F1", () => help.showModal());
// An element that takes text gets the focus, everything else is pressed. Looked for at each press,
// because cards come and go.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (!/^F\d+$/.test(event.key) || document.querySelector("dialog[open]")) return;
  const element = document.querySelector(`[data-key="${event.key}"]`);
  if (!element) return;
  event.preventDefault();
  if (element.matches("input, textarea, select, [tabindex]")) element.focus();
  else element.click();
});

// Ctrl+Enter sends a form from within its text, where Enter alone is a new line.
addEventListener("keydown", (event) => {
  const form = document.activeElement?.closest("[data-submit-key]");
  if (!form || event.key !== "Enter" || !event.ctrlKey) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.send"));
});

// -- the one live region

const announcer = document.getElementById("announcer");
let forgetting = 0;

// A screen reader takes the words at once; they go again, so that nobody meets them twice.
function announce(words) {
  clearTimeout(forgetting);
  announcer.textContent = words;
  forgetting = setTimeout(() => announcer.replaceChildren(), 5000);
}

// For the other scripts of a page. Not by import: the page names each script with its version, so an
// import would load this one a second time, under a name that browsers keep for a year.
globalThis.desk = { heard, announce, onKey };
