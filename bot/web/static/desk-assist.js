// Live call assist: the microphone's sound goes to the server by WebSocket, cards come back.

const { announce } = globalThis.desk;

const RATE = 16000;
const SEND_EVERY = RATE / 5;
const MOST_SHOWN = 12;
const place = document.getElementById("assist");
const button = place.querySelector("[data-start]");
const state = document.getElementById("assist-state");
const transcript = document.getElementById("transcript");
let call = null;

place.hidden = !(navigator.mediaDevices && window.AudioWorkletNode && window.WebSocket);
button.addEventListener("click", () => (call ? stop(place.dataset.stopped) : begin()));

async function begin() {
  const mine = (call = { end: () => {} });
  button.setAttribute("aria-pressed", "true");
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/desk/assist`);
  mine.end = () => socket.close();
  socket.addEventListener("message", ({ data }) => take(mine, socket, JSON.parse(data)));
  socket.addEventListener("close", () => {
    if (call === mine) stop(state.textContent === place.dataset.listening ? place.dataset.lost : state.textContent);
  });
}

function take(mine, socket, news) {
  if (news.kind === "ready") listen(mine, socket);
  else if (news.kind === "trouble") state.textContent = news.message;
  else if (news.kind === "heard") {
    const line = document.createElement("li");
    line.className = "theirs";
    line.textContent = news.text;
    transcript.append(line);
    while (transcript.children.length > MOST_SHOWN) transcript.firstChild.remove();
  } else if (news.kind === "card") {
    document.dispatchEvent(new CustomEvent("card", { detail: news }));
  }
}

async function listen(mine, socket) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const context = new AudioContext({ sampleRate: RATE });
    mine.end = () => {
      for (const track of stream.getTracks()) track.stop();
      context.close();
      socket.close();
    };
    if (call !== mine) return mine.end();
    await context.audioWorklet.addModule(place.dataset.worklet);
    const recorder = new AudioWorkletNode(context, "recorder");
    let held = [];
    recorder.port.onmessage = ({ data }) => {
      held.push(...data);
      if (held.length < SEND_EVERY || socket.readyState !== WebSocket.OPEN) return;
      socket.send(Int16Array.from(held, (sample) => Math.max(-1, Math.min(1, sample)) * 32767));
      held = [];
    };
    context.createMediaStreamSource(stream).connect(recorder);
    state.textContent = place.dataset.listening;
  } catch {
    stop(place.dataset.denied);
  }
}

function stop(words) {
  const mine = call;
  call = null;
  mine.end();
  button.setAttribute("aria-pressed", "false");
  state.textContent = words;
  announce(words);
}
