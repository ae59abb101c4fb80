// What happens, as it happens: messages come a few times a second at most and count all that happened, but hold some calls only. However many calls come, this page
// knows the newest of them and draws some rows; a row that is drawn stays an element as long as its call is shown.
const mostRows = 100, mostKnown = 400, mostPast = 50, mostOver = 5000, minute = 60_000, again = 5000;
const up = new Map(), rows = new Map();
let over = new Set(), total = 0, past = [], moments = [], trunks = {}, countedFrom = Date.now(), drawing = false, drawnAt = 0, askedAt = 0;
const $ = id => document.getElementById(id);
const connection = $("connection");
let connected = "Connecting…";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const newest = () => [...up.values()].sort((a, b) => a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0);

function know(calls) {
  for (const call of calls) up.set(call.callId, call);
  if (up.size > mostKnown) for (const call of newest().slice(mostKnown / 2)) up.delete(call.callId);
  soon();
}

const source = new EventSource("/api/live");
source.addEventListener("open", () => { connected = "Connected"; connection.className = ""; tell(); });
source.addEventListener("error", () => { connected = "Connection lost; trying again…"; connection.className = "lost"; tell(); });
source.addEventListener("up", e => {
  const message = JSON.parse(e.data);
  up.clear();
  // What began and ended before is not counted, nor what did while nothing was heard.
  moments = [];
  countedFrom = Date.now();
  total = message.total;
  trunks = Object.fromEntries(count(message.calls, call => call.trunk));
  know(message.calls);
});
source.addEventListener("calls", e => {
  const message = JSON.parse(e.data);
  moments.push({ at: Date.now(), began: message.began, flows: message.flows, outcomes: message.outcomes });
  ({ total, trunks } = message);
  for (const id of message.ended.map(call => call.callId).concat(message.gone)) { up.delete(id); over.add(id); }
  if (over.size > mostOver) over = new Set([...over].slice(-mostOver / 2));
  past = message.ended.concat(past).slice(0, mostPast);
  know(message.started.concat(message.updated));
});

// Of more calls than one message holds the older ones are not known: when those that are known end, there are others. What ended while they were asked for stays away.
async function fill() {
  if (up.size >= Math.min(total, mostRows / 2) || Date.now() - askedAt < again) return;
  askedAt = Date.now();
  const answer = await ask(`/api/live/calls?limit=${mostRows}`);
  if (answer.ok) know((await answer.json()).calls.filter(call => !over.has(call.callId)));
}

const names = ["Began", "Caller", "Dialled", "Trunk", "Flow", "Handoff", "Target", "Outcome", "Seconds"];

function row(call, isOver) {
  const [link, badge] = [element("a", { href: `/calls/${encodeURIComponent(call.callId)}` }, new Date(call.startedAt).toISOString().slice(11, 19)), element("span", {})];
  const cells = ["number", "number", "", "", "", "text", "", "n"].map(kind => element("td", kind ? { class: kind } : {}));
  cells[6].append(badge);
  const made = element("tr", {}, element("th", { scope: "row" }, link), ...cells);
  made.show = call => {
    const outcome = call.outcome ?? (isOver ? "none" : "under way");
    const tone = { answered: "good", accepted: "good", "under way": "open", none: "none", caller_hung_up: "open", cancelled: "open", no_notify: "open" }[outcome] ?? "bad";
    const time = new Date(call.startedAt);
    const seconds = isOver ? ((new Date(call.endedAt) - time) / 1000).toFixed(1) : String(Math.max(0, Math.round((Date.now() - time) / 1000)));
    const texts = [call.caller || "anonymous", call.callee, call.trunk, call.flow ?? "", call.handoff ?? "", call.target ?? "", null, seconds];
    texts.forEach((text, i) => { if (text !== null && cells[i].textContent !== text) cells[i].textContent = text; });
    const words = outcome.replaceAll("_", " ");
    if (badge.textContent !== words) { badge.textContent = words; badge.className = `outcome ${tone}`; }
  };
  made.show(call);
  return made;
}

// The table stays and so do the rows of calls that are still shown: what is new is put in, what is gone is taken out.
function fillTable(place, calls, caption, isOver) {
  let body = place.querySelector("tbody.drawn");
  if (!body) {
    const head = element("tr", {}, ...names.map(name => element("th", { scope: "col" }, name)));
    body = element("tbody", { class: "drawn" });
    place.replaceChildren(element("div", { class: "scroll", tabindex: "0", role: "region" }, element("table", { class: "calls" }, element("caption", {}), element("thead", {}, head), body)));
  }
  place.querySelector("caption").textContent = caption;
  place.querySelector(".scroll").setAttribute("aria-label", caption);
  const wanted = new Set(calls.map(call => call.callId));
  for (const old of [...body.children]) if (!wanted.has(old.dataset.call)) { rows.delete(old.dataset.call); old.remove(); }
  let next = body.firstElementChild;
  for (const call of calls) {
    let drawn = rows.get(call.callId);
    if (drawn?.parentElement === body) drawn.show(call);
    else { drawn?.remove(); rows.set(call.callId, drawn = row(call, isOver)); drawn.dataset.call = call.callId; }
    if (drawn === next) next = next.nextElementSibling; else body.insertBefore(drawn, next);
  }
}

function bars(list, counts) {
  const all = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
  const most = Math.max(1, ...all.map(([, count]) => count));
  const text = JSON.stringify(all);
  if (list.dataset.shown === text) return;
  list.dataset.shown = text;
  list.replaceChildren(...(all.length === 0 ? [element("li", { class: "empty" }, "nothing")] : all.map(([name, count]) => {
    const meter = element("meter", { min: "0", max: String(most), value: String(count), "aria-label": name });
    return element("li", {}, element("span", {}, name), meter, element("span", { class: "n" }, String(count)));
  })));
}

const count = (items, key) => items.reduce((counts, item) => counts.set(key(item), (counts.get(key(item)) ?? 0) + 1), new Map());

function sum(name) {
  const all = new Map();
  for (const moment of moments) for (const [key, n] of Object.entries(moment[name])) all.set(key, (all.get(key) ?? 0) + n);
  return all;
}

// Who reads a row, with the eyes, the keyboard or a screen reader, does not lose it.
const isHeld = () => $("hold").checked || document.getSelection()?.type === "Range" || $("live").contains(document.activeElement) || $("past").contains(document.activeElement);

function tell() {
  const text = isHeld() ? `${connected}; the tables are held still` : connected;
  if (connection.textContent !== text) connection.textContent = text;
}

function draw() {
  const since = Date.now() - minute;
  moments = moments.filter(moment => moment.at > since);
  const counted = countedFrom < since ? "in the last minute" : `in the last ${Math.max(1, Math.round((Date.now() - countedFrom) / 1000))} s`;
  for (const words of document.querySelectorAll(".counted")) if (words.textContent !== counted) words.textContent = counted;
  const outcomes = sum("outcomes");
  const ended = [...outcomes.values()].reduce((all, n) => all + n, 0);
  const good = (outcomes.get("answered") ?? 0) + (outcomes.get("accepted") ?? 0);
  $("up").textContent = String(total);
  $("began").textContent = String(moments.reduce((all, moment) => all + moment.began, 0));
  $("ended").textContent = String(ended);
  $("good").textContent = ended === 0 ? "–" : `${Math.round(100 * good / ended)} %`;
  bars($("flows"), [...sum("flows")].map(([name, n]) => [name || "undecided", n]));
  bars($("outcomes"), [...outcomes].map(([name, n]) => [(name || "none").replaceAll("_", " "), n]));
  bars($("trunks"), Object.entries(trunks));
  tell();
  if (isHeld()) return;
  const shown = newest().slice(0, mostRows);
  if (shown.length === 0) $("live").replaceChildren(element("p", { class: "empty" }, "No call is up."));
  else fillTable($("live"), shown, `${shown.length} of ${total} calls that are up, the newest first; times are UTC`, false);
  if (past.length > 0) fillTable($("past"), past, `The last ${past.length} that ended`, true);
  fill();
}

for (const moved of ["focusin", "focusout", "selectionchange"]) document.addEventListener(moved, () => setTimeout(tell));

// Messages come a few times a second at most, so each is drawn as it comes; a hidden page is drawn when it is looked at again.
function soon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => { drawing = false; drawnAt = Date.now(); draw(); });
}

// Seconds go on when nothing comes.
setInterval(() => { if (!document.hidden && Date.now() - drawnAt > 2000) soon(); }, 500);
