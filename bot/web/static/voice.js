// The server's ears and mouth. Nothing leaves for a cloud: recordings go to this site only.

const RATE = 16000;
const LONGEST_S = 60;
const UNSURE_BELOW = 0.4;
const say = (detail) => document.dispatchEvent(new CustomEvent("announce", { detail }));

function words(id) {
  const spoken = {};
  for (const each of document.getElementById(id)?.content.children ?? []) {
    spoken[each.dataset.say] = each.textContent;
  }
  return spoken;
}

// ---- mouth

const turns = document.getElementById("turns");
const mouthWords = words("aloud-words");
const player = new Audio();
let reading = null;

// Links that open the sound become buttons that play and stop it here.
function upgrade(root) {
  for (const link of root.querySelectorAll("a.aloud")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "aloud";
    button.dataset.sound = link.href;
    button.textContent = mouthWords.start;
    button.addEventListener("click", () => (reading === button ? hush() : read(button)));
    link.replaceWith(button);
  }
}

async function read(button) {
  hush();
  reading = button;
  button.textContent = mouthWords.stop;
  player.src = button.dataset.sound;
  try {
    await player.play();
  } catch (error) {
    // Stopped before it began, which is no failure.
    if (error.name === "AbortError" || reading !== button) return;
    hush();
    say(mouthWords.failed);
  }
}

function hush() {
  player.pause();
  player.removeAttribute("src");
  if (reading) reading.textContent = mouthWords.start;
  reading = null;
}

player.addEventListener("ended", hush);
document.addEventListener("sending", hush);
document.addEventListener("turn", ({ detail: turn }) => {
  upgrade(turn);
  const button = turn.querySelector("button.aloud");
  if (button && "aloud" in turns.dataset) read(button);
});
upgrade(turns);

// ---- ears

const mic = document.getElementById("mic");
const micWords = words("mic-words");
const state = document.getElementById("hearing");
let recording = null;

if (mic && navigator.mediaDevices && window.AudioWorkletNode) {
  mic.hidden = false;
  mic.addEventListener("click", () => (recording ? finish() : begin()));
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  hush();
  if (recording) drop();
});

function tell(word) {
  state.hidden = !word;
  state.textContent = micWords[word] ?? "";
}

async function begin() {
  hush();
  const mine = (recording = { chunks: [], rate: 0, stop: () => {} });
  mic.textContent = micWords.stop;
  mic.setAttribute("aria-pressed", "true");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
    const context = new AudioContext();
    mine.stop = () => {
      for (const track of stream.getTracks()) track.stop();
      context.close();
    };
    if (recording !== mine) return mine.stop();
    mine.rate = context.sampleRate;
    await context.audioWorklet.addModule(mic.dataset.worklet);
    const recorder = new AudioWorkletNode(context, "recorder");
    recorder.port.onmessage = ({ data }) => mine.chunks.push(data);
    context.createMediaStreamSource(stream).connect(recorder);
    tell("hearing");
    say(micWords.listening);
    mine.longest = setTimeout(finish, LONGEST_S * 1000);
  } catch (error) {
    drop();
    const word = error.name === "NotAllowedError" ? "denied" : "no_microphone";
    fail(micWords[word]);
  }
}

function drop() {
  clearTimeout(recording.longest);
  recording.stop();
  recording = null;
  mic.textContent = micWords.start;
  mic.setAttribute("aria-pressed", "false");
  tell("");
}

async function finish() {
  const { chunks, rate } = recording;
  drop();
  if (!chunks.length) return fail(micWords.unheard);
  tell("understanding");
  say(micWords.understanding);
  try {
    const response = await fetch("/api/hear", {
      method: "POST",
      body: wav(resampled(chunks, rate)),
      headers: { "Content-Type": "audio/wav" },
    });
    const answer = await response.json();
    tell("");
    if (!response.ok) return fail(answer.error.message);
    if (!answer.text) return fail(micWords.unheard);
    const unsure = answer.confidence !== null && answer.confidence < UNSURE_BELOW;
    document.dispatchEvent(new CustomEvent("heard", { detail: { ...answer, unsure } }));
    if (unsure) fail(micWords.unsure);
  } catch {
    tell("");
    fail(micWords.failed);
  }
}

// Shown where it happened, and said once.
function fail(message) {
  state.hidden = false;
  state.textContent = message;
  say(message);
}

// From the sound card's rate to RATE: each sample the mean of those that it stands for.
function resampled(chunks, rate) {
  const sound = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    sound.set(chunk, at);
    at += chunk.length;
  }
  const step = Math.max(1, rate / RATE);
  const samples = new Int16Array(Math.floor(sound.length / step));
  for (let i = 0; i < samples.length; i++) {
    const from = Math.floor(i * step);
    const to = Math.max(from + 1, Math.floor((i + 1) * step));
    let sum = 0;
    for (let j = from; j < to; j++) sum += sound[j];
    samples[i] = Math.max(-1, Math.min(1, sum / (to - from))) * 32767;
  }
  return { samples, rate: Math.round(rate / step) };
}

function wav({ samples, rate }) {
  const head = new DataView(new ArrayBuffer(44));
  const ascii = (at, text) => [...text].forEach((c, i) => head.setUint8(at + i, c.charCodeAt(0)));
  ascii(0, "RIFF");
  head.setUint32(4, 36 + samples.byteLength, true);
  ascii(8, "WAVEfmt ");
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, rate, true);
  head.setUint32(28, rate * 2, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  ascii(36, "data");
  head.setUint32(40, samples.byteLength, true);
  return new Blob([head, samples], { type: "audio/wav" });
}
