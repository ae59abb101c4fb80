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

// A search that has to look into calls stops after a while. It goes on by itself until there is a page of calls, each time with what is found so far.
async function lookFurther() {
  const place = document.getElementById("further");
  const found = () => document.querySelectorAll("table.calls tbody tr").length;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.textContent = "Stop here";
  let goesOn = true;
  stop.addEventListener("click", () => { goesOn = false; stop.remove(); });
  place.append(" ", stop);
  while (goesOn && found() < Number(place.dataset.wanted)) {
    const answer = await ask(place.querySelector("a").href);
    if (!answer.ok) { stop.remove(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!goesOn) return;
    const rows = page.querySelectorAll("table.calls tbody tr");
    if (found() === 0 && rows.length > 0) place.before(page.querySelector("table.calls").parentElement);
    else document.querySelector("table.calls tbody")?.append(...rows);
    if (found() > 0) document.querySelector("table.calls caption").textContent = `${found()} calls, the newest first; times are UTC`;
    const next = page.getElementById("further");
    if (!next) {
      place.replaceChildren(page.querySelector("a[rel=next]") ?? (found() > 0 ? "There are no older ones." : "No call matches."));
      return;
    }
    place.querySelector("[role=status]").replaceChildren(...next.querySelector("[role=status]").childNodes);
    place.querySelector("a").href = next.querySelector("a").getAttribute("href");
  }
  stop.remove();
}
if (document.getElementById("further")) lookFurther();
