const said = document.getElementById("said");
for (const button of document.querySelectorAll("[data-queue]")) {
  button.addEventListener("click", async () => {
    // A second click means it: what is discarded is gone.
    if (!button.dataset.asked) { button.dataset.asked = "yes"; button.textContent = `${button.textContent}: sure?`; return; }
    const answer = await ask(`/api/queues/${encodeURIComponent(button.dataset.queue)}/dead/${button.dataset.act}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    if (answer.ok) { location.reload(); return; }
    said.className = "problem";
    said.textContent = await problem(answer);
  });
}
