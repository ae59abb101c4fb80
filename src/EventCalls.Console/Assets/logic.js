const dialog = document.getElementById("confirm");
const sayIn = element => (text, isBad) => { element.className = isBad ? "problem" : ""; element.textContent = text; };
const say = sayIn(document.getElementById("said"));

// Upload: what is one zip goes as it is, other files by their names. Who may only set values has none.
const upload = document.getElementById("upload");
upload?.addEventListener("submit", async e => {
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

function confirmed(question, method, path, body, tell, meanwhile) {
  document.getElementById("asked").textContent = question;
  dialog.returnValue = "";
  dialog.querySelector("input").value = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return;
    tell(meanwhile);
    const note = dialog.querySelector("input").value.trim();
    const answer = await ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...body, ...(note ? { note } : {}) }) });
    if (answer.ok) location.reload();
    else tell(await problem(answer), true);
  };
  dialog.showModal();
}
const onEach = (attribute, act) => { for (const button of document.querySelectorAll(`[${attribute}]`)) button.addEventListener("click", () => act(button)); };
const steer = (button, path, body) => confirmed(button.dataset.says, "POST", path, body, say, "Trying it with the last calls…");
onEach("data-activate", button => steer(button, `/api/logic/${button.dataset.activate}/activate`, {}));
onEach("data-roll-back", button => steer(button, "/api/logic/roll-back", { from: button.dataset.rollBack }));
onEach("data-canary-stop", button => steer(button, "/api/logic/canary/stop", {}));
onEach("data-shadow-stop", button => steer(button, "/api/logic/shadow/stop", {}));

// What operators set.
const setting = document.getElementById("set-value");
const setTo = (question, name, value) => confirmed(question, "PUT", `/api/config/${encodeURIComponent(name)}`, { value }, sayIn(document.getElementById("value-said")), "Setting it…");
setting?.addEventListener("submit", e => {
  e.preventDefault();
  const [name, value] = [setting.elements.namedItem("name").value, setting.elements.namedItem("value").value];
  setTo(`Have conv.Config("${name}") answer "${value}"?`, name, value);
});
onEach("data-change-value", button => {
  setting.elements.namedItem("name").value = button.dataset.changeValue;
  const value = setting.elements.namedItem("value");
  value.value = button.dataset.is;
  value.focus();
  value.select();
});
onEach("data-remove-value", button => setTo(button.dataset.says, button.dataset.removeValue, null));
