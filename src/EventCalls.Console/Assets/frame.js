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
    await fetch("/sign-out", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    location.href = "/sign-in";
  });
});
