const form = document.getElementById("sign-in");
form.addEventListener("submit", async e => {
  e.preventDefault();
  const answer = await fetch("/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: new FormData(form).get("key").trim() }) });
  if (answer.ok) { location.href = form.dataset.to; return; }
  const problem = await answer.json().catch(() => ({}));
  document.getElementById("refused").textContent = problem.detail ?? "This key is not known.";
});
