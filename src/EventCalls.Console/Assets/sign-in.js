const form = document.getElementById("sign-in");
form.addEventListener("submit", async e => {
  e.preventDefault();
  const answer = await ask("/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: new FormData(form).get("key").trim() }) });
  if (answer.ok) location.href = form.dataset.to;
  else document.getElementById("refused").textContent = await problem(answer);
});
