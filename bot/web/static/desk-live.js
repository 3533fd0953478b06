// What changes while nobody presses a key: who waits for a person, and what they write.

const { announce, heard } = globalThis.desk;

// As many as the page was made with: who comes before the first news is news.
let waiting = Number(document.querySelector("[data-new-words]")?.dataset.waiting ?? -1);

// The browser opens it again by itself when the line breaks.
const events = new EventSource("/desk/events");
events.addEventListener("message", (event) => {
  const news = JSON.parse(event.data);
  tell(news);
  for (const place of document.querySelectorAll("[data-live]")) refresh(place);
});

function tell(news) {
  const place = document.querySelector("[data-new-words]");
  if (place && waiting >= 0 && news.waiting > waiting) {
    announce(news.urgent ? place.dataset.urgentWords : place.dataset.newWords);
  }
  waiting = news.waiting;
  document.title = document.title.replace(/^(\(\d+\) )?/, waiting ? `(${waiting}) ` : "");
}

async function refresh(place) {
  const response = await fetch(place.dataset.live, { headers: { "X-Piece": "1" } });
  heard(response);
  if (response.ok) put(place, parse(await response.text()));
}

// The server escaped everything; a template runs nothing.
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function put(place, piece) {
  const thread = piece.querySelector("[data-thread]");
  if (!thread) return swap(place, piece.childNodes);
  const state = piece.querySelector("[data-state]").dataset.state;
  // Who talks has changed: the page has other buttons now. What is being written stays.
  const writing = document.getElementById("text");
  if (state !== place.dataset.state && !writing?.value) return location.reload();
  const known = new Set([...place.querySelectorAll("[data-id]")].map((item) => item.dataset.id));
  const fresh = [...thread.querySelectorAll(".theirs[data-id]")].filter((item) => !known.has(item.dataset.id));
  swap(place, thread.childNodes);
  if (fresh.length) {
    const words = fresh.map((item) => item.querySelector(".words").textContent);
    announce(`${place.dataset.person}：${words.join(" ")}`);
    document.getElementById("last")?.scrollIntoView({ block: "nearest" });
  }
}

// The focus stays where it was, if that is still there.
function swap(place, nodes) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(...nodes);
  if (focused) document.getElementById(focused)?.focus();
}

const reply = document.getElementById("reply");
reply?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = reply.elements.text;
  const trouble = document.getElementById("trouble");
  const response = heard(
    await fetch(reply.action, { method: "POST", body: new URLSearchParams(new FormData(reply)), headers: { "X-Piece": "1" } })
  );
  const piece = parse(await response.text());
  trouble.textContent = piece.querySelector("[data-trouble]")?.textContent ?? "";
  if (response.ok) {
    field.value = "";
    reply.elements.key.value = piece.querySelector("[data-key]").dataset.key;
    put(document.getElementById("thread"), piece);
  }
  field.focus();
});
