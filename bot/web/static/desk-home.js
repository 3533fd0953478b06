// The card while typing: one question under way at a time, the newest text next. So a slow line
// slows the cards down and never the typing, and no answer overtakes a newer one.

const { announce, heard } = globalThis.desk;

const search = document.getElementById("search");
const field = search.elements.question;
const card = document.getElementById("card");
const trouble = document.getElementById("trouble");
const SPOKEN_AFTER_MS = 900;
let asked = field.value;
let underWay = false;
let speaking = 0;

field.addEventListener("input", (event) => {
  // While pinyin is being composed, its letters are no question yet.
  if (!event.isComposing) ask();
});
field.addEventListener("compositionend", ask);

async function ask() {
  if (underWay || field.value.trim() === asked.trim()) return;
  underWay = true;
  asked = field.value;
  try {
    const piece = await post(search.action, new FormData(search));
    show(piece);
    trouble.textContent = "";
  } catch {
    trouble.textContent = trouble.dataset.lost;
    setTimeout(() => { asked = ""; ask(); }, 3000);
  } finally {
    underWay = false;
  }
  ask();
}

async function post(action, data) {
  const response = heard(
    await fetch(action, { method: "POST", body: new URLSearchParams(data), headers: { "X-Piece": "1" } })
  );
  if (!response.ok) throw new Error(response.status);
  const template = document.createElement("template");
  template.innerHTML = await response.text(); // The server escaped everything.
  return template.content;
}

let topic = null;

// What a caller says makes cards too, but never in the place of one that is being typed for.
document.addEventListener("card", ({ detail }) => {
  if (document.activeElement === field && field.value.trim()) return;
  field.value = asked = detail.question;
  const template = document.createElement("template");
  template.innerHTML = detail.html; // The server escaped everything.
  show(template.content);
});

function show(piece) {
  clearTimeout(speaking);
  card.replaceChildren(...(piece.querySelector("[data-card]")?.childNodes ?? []));
  topic = piece.querySelector("[data-topic]");
  const words = piece.querySelector("[data-announcement]")?.textContent ?? "";
  // Not at every letter: only once the typing rests.
  if (words) speaking = setTimeout(() => announce(words), SPOKEN_AFTER_MS);
}

// Enter uses the card: what is asked next may lean on it, and the focus goes to read it.
async function use() {
  while (underWay || field.value.trim() !== asked.trim()) {
    if (!underWay) await ask();
    else await new Promise((later) => setTimeout(later, 30));
  }
  clearTimeout(speaking);
  if (topic) document.getElementById("topic").replaceChildren(...topic.cloneNode(true).childNodes);
  document.getElementById("card-title")?.focus();
}

search.addEventListener("submit", (event) => {
  event.preventDefault();
  use();
});

card.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.target.matches("[data-related]")) {
    field.value = event.submitter.value;
    await use();
  } else if (event.target.matches("[data-note]")) {
    const piece = await post(event.target.action, new FormData(event.target));
    document.getElementById("draft").replaceChildren(piece);
    announce(trouble.dataset.noted);
  }
});

const screening = document.querySelector("[data-screening]");
screening.addEventListener("submit", async (event) => {
  event.preventDefault();
  const piece = await post(screening.action, new FormData(screening));
  const found = document.getElementById("screened");
  found.replaceChildren(piece);
  found.focus();
});
screening.addEventListener("reset", () => document.getElementById("screened").replaceChildren());
