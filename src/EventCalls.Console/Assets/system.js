const said = document.getElementById("said");
for (const button of document.querySelectorAll("[data-post]")) {
  const { textContent: text, ariaLabel: label } = button;
  let isAsked = false;
  const question = asked => {
    isAsked = asked;
    button.textContent = asked ? `${text}: sure?` : text;
    // What is read aloud begins with what is seen.
    button.ariaLabel = asked ? `${text}: sure? ${label}` : label;
  };
  // Who went elsewhere did not mean it.
  button.addEventListener("blur", () => question(false));
  button.addEventListener("click", async () => {
    // A second click means it: what is discarded is gone.
    if (!isAsked) { question(true); said.className = ""; said.textContent = `${label}? Once more does it.`; return; }
    button.disabled = true;
    const answer = await ask(button.dataset.post, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    if (answer.ok) { location.reload(); return; }
    button.disabled = false;
    question(false);
    said.className = "problem";
    said.textContent = await problem(answer);
  });
}
