// The sound of a call that goes on: its recording, who hears it, and how loud it is.
const id = document.getElementById("call").dataset.id;
const overseen = document.getElementById("overseen");

async function give(path, method, body) {
  overseen.className = "";
  overseen.textContent = "Asking…";
  const answer = await ask(`/api/calls/${id}/${path}`, { method, headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify(body) });
  if (answer.ok) {
    overseen.textContent = "Taken; the page shows what comes of it.";
    document.getElementById("monitor")?.reset();
    return;
  }
  overseen.className = "bad";
  overseen.textContent = await problem(answer);
}

const spoken = value => { const [mode, side] = value.split(" "); return side ? { mode, side } : { mode }; };

document.getElementById("recording-command")?.addEventListener("submit", e => {
  e.preventDefault();
  const action = e.submitter.value;
  if (action === "discard" && !confirm("Delete the recording of this call so far?")) return;
  give("recording", "POST", { action });
});

document.getElementById("monitor")?.addEventListener("submit", e => {
  e.preventDefault();
  const form = new FormData(e.target);
  const endpoint = form.get("endpoint").trim();
  give("monitor", "POST", { target: form.get("target").trim(), ...(endpoint ? { outbound_endpoint: endpoint } : {}), ...spoken(form.get("mode")) });
});

for (const form of document.querySelectorAll(".monitored")) {
  form.addEventListener("submit", e => {
    e.preventDefault();
    const path = `monitor/${form.dataset.monitor}`;
    if (e.submitter.value === "end") give(path, "DELETE", {});
    else give(path, "PATCH", spoken(form.mode.value));
  });
}

// Measured only while somebody looks: a page that is not seen asks nothing.
const watch = document.getElementById("watch");
let watching = null;
async function showLevels() {
  if (document.hidden) return;
  const answer = await ask(`/api/calls/${id}/level`);
  if (!answer.ok) {
    stopWatching();
    overseen.className = "bad";
    overseen.textContent = await problem(answer);
    return;
  }
  const level = await answer.json();
  for (const side of ["caller", "target"]) {
    const meter = document.getElementById(`level-${side}`);
    // As it is heard: 60 dB from what is hardly audible to the loudest.
    const decibels = level[side] > 0 ? Math.max(0, 60 + 20 * Math.log10(level[side])) : 0;
    meter.value = decibels;
    meter.textContent = level[side] === null ? "nobody" : decibels < 10 ? "silent" : `${Math.round(decibels - 60)} dB`;
  }
}
function stopWatching() {
  clearInterval(watching);
  watching = null;
  sessionStorage.removeItem(`level ${id}`);
  watch.setAttribute("aria-pressed", "false");
  document.getElementById("levels").hidden = true;
}
function startWatching() {
  // The page is made anew when there are more events, and goes on showing it.
  sessionStorage.setItem(`level ${id}`, "1");
  watch.setAttribute("aria-pressed", "true");
  document.getElementById("levels").hidden = false;
  watching = setInterval(showLevels, 300);
  showLevels();
}
watch.addEventListener("click", () => watching === null ? startWatching() : stopWatching());
if (sessionStorage.getItem(`level ${id}`)) startWatching();
