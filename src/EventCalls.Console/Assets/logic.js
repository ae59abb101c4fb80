const said = document.getElementById("said");
const dialog = document.getElementById("confirm");
const say = (text, isBad) => { said.className = isBad ? "problem" : ""; said.textContent = text; };

// Upload: what is one zip goes as it is, other files by their names.
const upload = document.getElementById("upload");
upload.addEventListener("submit", async e => {
  e.preventDefault();
  const files = [...new FormData(upload).getAll("files")];
  const isZip = files.length === 1 && files[0].name.toLowerCase().endsWith(".zip");
  say("Compiling…");
  const answer = await ask("/api/logic", isZip
    ? { method: "POST", headers: { "Content-Type": "application/zip" }, body: files[0] }
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ files: Object.fromEntries(await Promise.all(files.map(async file => [file.name, await file.text()]))) }) });
  if (answer.ok) location.reload();
  else say(await problem(answer), true);
});

function confirmed(button, path, body) {
  document.getElementById("asked").textContent = button.dataset.says;
  dialog.returnValue = "";
  dialog.querySelector("input").value = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return;
    say("Trying it with the last calls…");
    const note = dialog.querySelector("input").value.trim();
    const answer = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...body, ...(note ? { note } : {}) }) });
    if (answer.ok) location.reload();
    else say(await problem(answer), true);
  };
  dialog.showModal();
}
for (const button of document.querySelectorAll("[data-activate]")) button.addEventListener("click", () => confirmed(button, `/api/logic/${button.dataset.activate}/activate`, {}));
for (const button of document.querySelectorAll("[data-roll-back]")) button.addEventListener("click", () => confirmed(button, "/api/logic/roll-back", { from: button.dataset.rollBack }));
for (const button of document.querySelectorAll("[data-canary-stop]")) button.addEventListener("click", () => confirmed(button, "/api/logic/canary/stop", {}));
for (const button of document.querySelectorAll("[data-shadow-stop]")) button.addEventListener("click", () => confirmed(button, "/api/logic/shadow/stop", {}));
