const call = document.getElementById("call");
const id = call.dataset.id;
const aside = document.getElementById("evidence");
const columns = document.querySelector(".columns");
let chosen = [];

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The evidence of an event is in the page already: it is shown beside the picture, one or two at a time.
function show() {
  for (const row of document.querySelectorAll(".ladder .row")) row.setAttribute("aria-pressed", String(chosen.includes(row.dataset.event)));
  columns.classList.toggle("open", chosen.length > 0);
  aside.hidden = chosen.length === 0;
  if (chosen.length === 0) return;
  const close = element("button", { class: "quiet close", "aria-label": "Close the evidence" }, "×");
  close.addEventListener("click", hide);
  aside.replaceChildren(close, ...chosen.map(number => {
    const source = document.querySelector(`#event-${number} details`);
    const article = element("article");
    article.append(element("h3", {}, ...[...source.querySelector("summary").childNodes].map(n => n.cloneNode(true))));
    for (const part of source.children) if (part.tagName !== "SUMMARY") article.append(part.cloneNode(true));
    article.append(element("p", {}, element("a", { href: `#event-${number}` }, "Link to this event")));
    return article;
  }));
  if (chosen.length === 2) mark(...aside.querySelectorAll("article"));
}

// What two pieces of evidence do not have in common.
function mark(one, other) {
  for (const [here, there] of [[one, other], [other, one]]) {
    const pre = here.querySelector("pre");
    const known = new Set(there.querySelector("pre").textContent.split("\n").map(line => line.trim().replace(/,$/, "")));
    const lines = pre.textContent.split("\n");
    pre.replaceChildren(...lines.flatMap((line, i) => {
      const text = i + 1 < lines.length ? line + "\n" : line;
      return known.has(line.trim().replace(/,$/, "")) ? [text] : [element("span", { class: "differs" }, text)];
    }));
  }
}

// Whoever is at the evidence by keyboard is back at the row that it belongs to.
let opener = null;
function hide() {
  chosen = [];
  show();
  opener?.focus({ preventScroll: true });
}
document.addEventListener("keydown", e => { if (e.key === "Escape" && chosen.length > 0) hide(); });

function choose(number, second) {
  chosen = second && chosen.length > 0 && chosen[0] !== number ? [chosen[0], number] : chosen.length === 1 && chosen[0] === number ? [] : [number];
  show();
}

for (const row of document.querySelectorAll(".ladder .row")) {
  row.setAttribute("role", "button");
  row.setAttribute("tabindex", "0");
  row.setAttribute("aria-pressed", "false");
  row.addEventListener("click", e => { opener = row; choose(row.dataset.event, e.shiftKey); });
  row.addEventListener("keydown", e => {
    if (e.key === "Enter" || e.key === " ") { e.preventDefault(); opener = row; choose(row.dataset.event, e.shiftKey); }
    const rows = [...document.querySelectorAll(".ladder .row")];
    const step = { ArrowDown: rows[rows.indexOf(row) + 1], ArrowUp: rows[rows.indexOf(row) - 1], Home: rows[0], End: rows.at(-1) }[e.key];
    if (step) { e.preventDefault(); step.focus(); }
  });
}

function openLinked() {
  const details = location.hash.startsWith("#event-") ? document.querySelector(`${CSS.escape(location.hash.slice(1)) && location.hash} details`) : null;
  if (details) details.open = true;
}
addEventListener("hashchange", openLinked);
openLinked();

// The state as of any event.
const slider = document.getElementById("moment");
const state = document.getElementById("state");
slider.closest("label").hidden = false;
let asked = 0;
async function showMoment() {
  const at = slider.value;
  document.getElementById("at").textContent = at;
  for (const row of document.querySelectorAll(".ladder .row")) row.classList.toggle("later", Number(row.dataset.event) > Number(at));
  const mine = ++asked;
  const answer = await ask(`/api/calls/${id}/state?at=${at}`);
  if (mine !== asked || !answer.ok) return;
  const moment = await answer.json();
  const known = moment.known ?? moment;
  const rows = Object.entries(known.state ?? {});
  const table = element("table", { class: "state" }, element("caption", {}, `State as of event ${at}: ${String(known.phase ?? "").replace("_", " ")}`));
  const body = element("tbody");
  for (const [name, value] of rows) body.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: "text" }, JSON.stringify(value))));
  if (rows.length === 0) body.append(element("tr", {}, element("td", {}, "nothing is kept")));
  table.append(body);
  state.replaceChildren(table);
}
slider.addEventListener("input", showMoment);

const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());

// Deciding again takes the logic's compilation, so it is done when it is asked for.
const explain = document.getElementById("explain");
if (explain) {
  explain.hidden = false;
  explain.addEventListener("click", async () => {
    explain.disabled = true;
    explain.textContent = "Deciding again…";
    const answer = await ask(`/api/calls/${id}/explanation`);
    const place = document.getElementById("explanation");
    if (!answer.ok) { explain.disabled = false; explain.textContent = await problem(answer); return; }
    const { decisions } = await answer.json();
    place.replaceChildren(...decisions.map(decision => {
      const said = decision.repeated === true ? "Decided again with the same version and what was recorded: the same."
        : decision.repeated === false ? "Decided again, it did NOT come out the same." : decision.note ?? "It is not decided again.";
      const article = element("article", { class: "decision" }, element("h3", {}, `Decision ${decision.decision}: ${said}`));
      if (decision.reads?.length > 0) {
        const list = element("ul");
        for (const read of decision.reads) list.append(element("li", { class: "text" }, Object.values(read).filter(v => v !== null && v !== "").map(v => typeof v === "string" ? v : JSON.stringify(v)).join(" = ")));
        article.append(element("p", {}, "It read:"), list);
      }
      for (const change of decision.differences ?? []) article.append(element("p", { class: "problem" }, JSON.stringify(change)));
      return article;
    }));
  });
}

const refuse = (place, text) => place.replaceChildren(element("p", { class: "problem" }, text));

// What another version would have done with this very call.
const whatIf = document.getElementById("what-if");
// A replay leads here with the version that it decided by: it is what is asked for next.
const candidate = new URLSearchParams(location.search).get("logic");
if (whatIf && candidate) {
  if ([...whatIf.logic.options].some(option => option.value === candidate)) {
    whatIf.logic.value = candidate;
    if (document.getElementById("fork")) document.getElementById("fork").logic.value = candidate;
  } else document.getElementById("would").textContent = "The replay's logic was not kept: upload it on the page Logic to see here what it would do.";
}
whatIf?.addEventListener("submit", async e => {
  e.preventDefault();
  const place = document.getElementById("would");
  place.textContent = "Deciding…";
  const answer = await ask(`/api/calls/${id}/what-if?logic=${encodeURIComponent(new FormData(whatIf).get("logic"))}`);
  if (!answer.ok) { refuse(place, await problem(answer)); return; }
  const { verdict, changes, note } = await answer.json();
  place.replaceChildren(element("p", {}, verdict === "same" ? "The same." : verdict === "changed" ? "This would be otherwise:" : `${verdict.replaceAll("_", " ")}: ${note ?? ""}`));
  if (changes.length > 0) {
    const body = element("tbody");
    for (const change of changes) body.append(element("tr", {}, element("th", { scope: "row" }, change.field), element("td", { class: "text removed" }, change.was ?? ""), element("td", { class: "text added" }, change.now ?? "")));
    place.append(element("table", {}, element("thead", {}, element("tr", {}, ...["What", "Was", "Would be"].map(name => element("th", { scope: "col" }, name)))), body));
  }
});

// The call played on from an event: what happened and what would happen, side by side.
const fork = document.getElementById("fork");
fork?.addEventListener("submit", async e => {
  e.preventDefault();
  const place = document.getElementById("forked");
  const form = new FormData(fork);
  const wanted = { at: Number(form.get("at")) };
  for (const name of ["logic", "inject"]) if (form.get(name).trim()) wanted[name] = form.get(name).trim();
  place.textContent = "Playing…";
  const answer = await ask(`/api/calls/${id}/forks`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wanted) });
  if (!answer.ok) { refuse(place, await problem(answer)); return; }
  let now = await answer.json();
  while (now.state === "running") {
    await new Promise(done => setTimeout(done, 300));
    const next = await ask(`/api/forks/${now.forkId}`);
    if (!next.ok) { refuse(place, await problem(next)); return; }
    now = await next.json();
  }
  if (now.state === "failed") { refuse(place, now.problem); return; }
  const course = (name, words, address) => {
    const c = now.fork[name];
    const says = [c.flow && `flow ${c.flow}`, c.handoff && `${c.handoff} ${c.target ?? ""}`.trim(), c.outcome, c.endCause?.replaceAll("_", " ")].filter(Boolean).join(", ");
    return element("figure", {}, element("figcaption", {}, `${words}: ${says}`), element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words }, element("img", { src: address, alt: `Ladder of what ${name === "recorded" ? "happened" : "would happen"}`, class: "ladder" })));
  };
  place.replaceChildren(
    element("p", {}, now.same ? "The call would go as it went." : "The call would go otherwise."),
    ...(now.problem ? [element("p", { class: "problem" }, now.problem)] : []),
    element("div", { class: "two" }, course("recorded", "What happened", `/api/calls/${id}/ladder.svg`), course("forked", "What would happen", `/api/forks/${now.forkId}/ladder.svg`)));
});

// Commands.
const steered = document.getElementById("steered");
async function command(form, name, body) {
  steered.className = "";
  steered.textContent = "Asking…";
  const answer = await ask(`/api/calls/${id}/${name}`, { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify(body) });
  if (answer.ok) {
    // What is still written there would keep the page from being made anew.
    form.reset();
    steered.textContent = "Taken; the page shows what comes of it.";
    setTimeout(refresh, 400);
    return;
  }
  steered.className = "bad";
  steered.textContent = await problem(answer);
}
document.getElementById("handoff")?.addEventListener("submit", e => {
  e.preventDefault();
  const form = new FormData(e.target);
  const [method, target, endpoint, reason] = ["method", "target", "endpoint", "reason"].map(name => form.get(name).trim());
  const step = {};
  if (method === "invite") { step.phone_number = target; if (endpoint) step.outbound_endpoint = endpoint; }
  if (method === "refer") step[target.includes(":") ? "refer_to" : "phone_number"] = target;
  command(e.target, "handoff", { handoff: { [method]: step, ...(reason ? { reason } : {}) } });
});
document.getElementById("hangup")?.addEventListener("submit", e => { e.preventDefault(); command(e.target, "hangup", {}); });

// A call that goes on grows: the page is made anew when there is more to show and nobody is in the middle of something.
async function refresh() {
  const answer = await ask(`/api/calls/${id}/events`);
  if (!answer.ok) return;
  const { events } = await answer.json();
  const busy = document.activeElement?.closest?.(".steering form") && [...document.querySelectorAll(".steering input")].some(input => input.value);
  if (events.length > Number(call.dataset.events) && !busy) location.reload();
}
if (call.dataset.open === "true") setInterval(refresh, 1500);
