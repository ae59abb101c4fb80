const start = document.getElementById("start");
start?.addEventListener("submit", async e => {
  e.preventDefault();
  const form = new FormData(start);
  const wanted = {};
  const files = form.getAll("files").filter(file => file.name);
  if (files.length > 0) wanted.files = Object.fromEntries(await Promise.all(files.map(async file => [file.name, await file.text()])));
  else wanted.logic = form.get("logic");
  for (const name of ["from", "to"]) if (form.get(name)) wanted[name] = form.get(name) + ":00Z";
  for (const name of ["trunk", "flow", "callee"]) if (form.get(name).trim()) wanted[name] = form.get(name).trim();
  if (form.get("sample")) wanted.sample = Number(form.get("sample"));
  const answer = await ask("/api/replays", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wanted) });
  if (answer.ok) location.href = `/replays/${(await answer.json()).replayId}`;
  else document.getElementById("refused").textContent = await problem(answer);
});

const replay = document.getElementById("replay");
if (replay?.dataset.state === "running") {
  document.getElementById("stop").addEventListener("click", () => ask(`/api/replays/${replay.dataset.id}`, { method: "DELETE" }));
  const timer = setInterval(async () => {
    const answer = await ask(`/api/replays/${replay.dataset.id}`);
    if (!answer.ok) return;
    const now = await answer.json();
    if (now.state !== "running") { clearInterval(timer); location.reload(); return; }
    document.getElementById("decided").textContent = now.decided;
    document.getElementById("calls").textContent = now.calls;
    Object.assign(document.getElementById("progress"), { max: Math.max(1, now.calls), value: now.decided });
  }, 500);
}
