// Searches are kept in this browser: each is only an address.
const nav = document.getElementById("saved");
const save = document.getElementById("save");
const read = () => { try { return JSON.parse(localStorage.getItem("searches") ?? "[]"); } catch { return []; } };
const write = searches => localStorage.setItem("searches", JSON.stringify(searches));
const query = () => {
  const filled = [...new FormData(document.querySelector("form.search"))].filter(([, value]) => value !== "");
  return new URLSearchParams(filled).toString();
};
function show() {
  const searches = read();
  nav.hidden = searches.length === 0;
  nav.replaceChildren(...searches.map((search, i) => {
    const item = document.createElement("span");
    const link = document.createElement("a");
    link.href = "/calls?" + search;
    link.textContent = [...new URLSearchParams(search)].map(([name, value]) => `${name} ${value}`).join(", ") || "all calls";
    const forget = document.createElement("button");
    forget.className = "quiet";
    forget.textContent = "×";
    forget.setAttribute("aria-label", `Forget the search ${link.textContent}`);
    forget.addEventListener("click", () => { write(read().filter((_, at) => at !== i)); show(); });
    item.append(link, forget);
    return item;
  }));
}
save.hidden = false;
save.addEventListener("click", () => { const now = query(); write([now, ...read().filter(s => s !== now)].slice(0, 12)); show(); });
// Empty fields are left out of the address, so that it is one to send to somebody.
document.querySelector("form.search").addEventListener("submit", e => { e.preventDefault(); const now = query(); location.href = now ? "/calls?" + now : "/calls"; });
show();
