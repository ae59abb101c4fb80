// Asks the server; one that cannot be reached answers, too.
async function ask(path, options) {
  try { return await fetch(path, options); }
  catch { return Response.json({ detail: "EventCalls could not be reached; try again." }, { status: 503 }); }
}
// What an answer says is wrong.
async function problem(answer) {
  const { title, detail, diagnostics } = await answer.json().catch(() => ({}));
  // The first is the detail.
  const places = (diagnostics ?? []).slice(1).map(d => d.file ? `${d.file}(${d.line},${d.column}): ${d.message}` : d.message);
  return [[title, detail].filter(Boolean).join(": ") || `HTTP ${answer.status}`, ...places].join("\n");
}
// Before the page is drawn, so that it does not flash; the button is there later.
const kept = localStorage.getItem("theme");
if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
addEventListener("DOMContentLoaded", () => {
  document.getElementById("theme")?.addEventListener("click", () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });
  document.getElementById("sign-out")?.addEventListener("click", async () => {
    const answer = await ask("/sign-out", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    location.href = answer.ok ? (await answer.json()).to : "/sign-in";
  });
});
