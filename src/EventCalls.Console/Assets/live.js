// What happens, as it happens: messages come a few times a second at most, and are drawn twice a second at most.
const mostRows = 200, mostPast = 50, minute = 60_000;
const up = new Map();
let total = 0, past = [], began = [], ended = [], dirty = false;
const $ = id => document.getElementById(id);
const connection = $("connection");

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const source = new EventSource("/api/live");
source.addEventListener("open", () => { connection.textContent = "Connected"; connection.className = ""; });
source.addEventListener("error", () => { connection.textContent = "Connection lost; trying again…"; connection.className = "lost"; });
source.addEventListener("up", e => {
  const message = JSON.parse(e.data);
  up.clear();
  for (const call of message.calls) up.set(call.callId, call);
  total = message.total;
  dirty = true;
});
source.addEventListener("calls", e => {
  const { started, updated, ended: over } = JSON.parse(e.data);
  const now = Date.now();
  for (const call of started) { began.push({ at: now, call }); if (!up.has(call.callId)) total++; up.set(call.callId, call); }
  for (const call of updated) { if (!up.has(call.callId)) total++; up.set(call.callId, call); }
  for (const call of over) {
    // A call that began and ended between two messages comes once, as ended.
    if (up.delete(call.callId)) total--; else began.push({ at: now, call });
    ended.push({ at: now, call });
    past.unshift(call);
  }
  past = past.slice(0, mostPast);
  dirty = true;
});

function row(call, isOver) {
  const time = new Date(call.startedAt);
  const outcome = call.outcome ?? (isOver ? "none" : "under way");
  const tone = { answered: "good", accepted: "good", "under way": "open", none: "none", caller_hung_up: "open", no_notify: "open" }[outcome] ?? "bad";
  const seconds = isOver ? ((new Date(call.endedAt) - time) / 1000).toFixed(1) : Math.max(0, Math.round((Date.now() - time) / 1000));
  return element("tr", {},
    element("th", { scope: "row" }, element("a", { href: `/calls/${encodeURIComponent(call.callId)}` }, time.toISOString().slice(11, 19))),
    element("td", { class: "number" }, call.caller || "anonymous"), element("td", { class: "number" }, call.callee), element("td", {}, call.trunk), element("td", {}, call.flow ?? ""),
    element("td", {}, call.handoff ?? ""), element("td", { class: "text" }, call.target ?? ""), element("td", {}, element("span", { class: `outcome ${tone}` }, outcome.replaceAll("_", " "))),
    element("td", { class: "n" }, String(seconds)));
}

function table(calls, caption, isOver) {
  const head = element("tr", {}, ...["Began", "Caller", "Dialled", "Trunk", "Flow", "Handoff", "Target", "Outcome", "Seconds"].map(name => element("th", { scope: "col" }, name)));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", { class: "calls" }, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...calls.map(call => row(call, isOver)))));
}

function bars(list, counts) {
  const all = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
  const most = Math.max(1, ...all.map(([, count]) => count));
  list.replaceChildren(...(all.length === 0 ? [element("li", { class: "empty" }, "nothing")] : all.map(([name, count]) => {
    const meter = element("meter", { min: "0", max: String(most), value: String(count), "aria-label": name });
    return element("li", {}, element("span", {}, name), meter, element("span", { class: "n" }, String(count)));
  })));
}

const count = (items, key) => items.reduce((counts, item) => counts.set(key(item), (counts.get(key(item)) ?? 0) + 1), new Map());

function draw() {
  const since = Date.now() - minute;
  began = began.filter(b => b.at > since);
  ended = ended.filter(e => e.at > since);
  const good = ended.filter(e => e.call.outcome === "answered" || e.call.outcome === "accepted").length;
  $("up").textContent = String(total);
  $("began").textContent = String(began.length);
  $("ended").textContent = String(ended.length);
  $("good").textContent = ended.length === 0 ? "–" : `${Math.round(100 * good / ended.length)} %`;
  bars($("flows"), count(ended.concat(began.filter(b => up.has(b.call.callId)).map(b => ({ call: up.get(b.call.callId) }))), e => e.call.flow ?? "undecided"));
  bars($("outcomes"), count(ended, e => (e.call.outcome ?? "none").replaceAll("_", " ")));
  bars($("trunks"), count([...up.values()], call => call.trunk));
  if ($("hold").checked || document.getSelection()?.type === "Range" || $("live").contains(document.activeElement) || $("past").contains(document.activeElement)) return;
  const newest = [...up.values()].sort((a, b) => a.startedAt < b.startedAt ? 1 : -1).slice(0, mostRows);
  $("live").replaceChildren(newest.length === 0 ? element("p", { class: "empty" }, "No call is up.") : table(newest, `${newest.length} of ${total} calls that are up, the newest first; times are UTC`, false));
  if (past.length > 0) $("past").replaceChildren(table(past, `The last ${past.length} that ended`, true));
}

// Seconds go on when nothing comes, but a hidden page draws nothing.
let quiet = 0;
setInterval(() => {
  if (document.hidden || (!dirty && ++quiet < 4)) return;
  [dirty, quiet] = [false, 0];
  requestAnimationFrame(draw);
}, 500);
