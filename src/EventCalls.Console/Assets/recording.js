// A recording is played from where one clicks: in its picture, or on what happened.
for (const part of document.querySelectorAll(".recording[data-audio]")) {
  const audio = part.querySelector("audio");
  if (!audio) continue;
  const seconds = Number(part.dataset.seconds);
  const picture = part.querySelector(".lane-picture svg");
  const head = picture.querySelector(".head");
  const said = part.querySelector(".playing");
  const clock = at => `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, "0")}`;

  // Before anything of it is here, a browser begins at the begin, whatever it is told.
  const known = () => audio.readyState >= HTMLMediaElement.HAVE_METADATA ? undefined : new Promise(done => {
    for (const name of ["loadedmetadata", "error"]) audio.addEventListener(name, done, { once: true });
    audio.preload = "metadata";
    audio.load();
  });

  async function playFrom(at, words) {
    await known();
    audio.currentTime = Math.max(0, Math.min(at, seconds));
    said.textContent = `Playing from ${clock(at)}${words ? `, ${words}` : ""}`;
    try { await audio.play(); } catch { /* A click on another place came before it began, or the error below says why. */ }
  }

  for (const button of part.querySelectorAll("button[data-at]")) {
    button.disabled = false;
    button.addEventListener("click", () => playFrom(Number(button.dataset.at), button.lastChild.textContent.trim()));
  }
  picture.addEventListener("click", e => {
    const mark = e.target.closest(".mark");
    const box = picture.getBoundingClientRect();
    playFrom(mark ? Number(mark.dataset.at) : (e.clientX - box.left) / box.width * seconds, "");
  });

  function show() {
    const x = seconds > 0 ? 1000 * audio.currentTime / seconds : 0;
    head.setAttribute("x1", x);
    head.setAttribute("x2", x);
  }
  audio.addEventListener("timeupdate", show);
  audio.addEventListener("seeked", show);
  audio.addEventListener("pause", () => { said.textContent = ""; });
  audio.addEventListener("error", async () => {
    const answer = await ask(part.dataset.audio, { headers: { Range: "bytes=0-0" } });
    said.textContent = answer.ok ? "Your browser cannot play it; download it." : await problem(answer);
  });
}
