const form = document.getElementById("sign-in");
const refused = text => { document.getElementById("refused").textContent = text; };
form.addEventListener("submit", async e => {
  e.preventDefault();
  const key = new FormData(form).get("key").trim();
  const answer = await fetch("/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key }) }).catch(() => null);
  if (answer?.ok) { location.href = form.dataset.to; return; }
  const problem = await answer?.json().catch(() => ({}));
  refused(!answer ? "EventCalls could not be reached; try again." : problem.detail ?? "This key is not known.");
});
