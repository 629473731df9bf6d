// Long texts of a proposal save themselves a moment after the author stops writing. What a colleague changed meanwhile is
// shown beside, never overwritten. Without scripts the form's own 保存 does the same.
(() => {
  const box = document.querySelector("[data-autosave-url]");
  if (!box) return;
  const url = box.dataset.autosaveUrl;
  // Logging in anew in another window changes the token: the cookie has the one that counts now.
  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? box.querySelector("input[name=csrfmiddlewaretoken]").value;
  const unanswered = (answer) =>
    answer.redirected
      ? "没有自动保存：登录已过期。请不要关闭本页，在新窗口重新登录后再回来接着写。"
      : "没有自动保存：系统没有应答。您写的还在框里，请稍后点“保存”。";
  for (const area of box.querySelectorAll("textarea[data-autosave]")) {
    const said = document.createElement("span");
    said.className = "autosave-said";
    said.setAttribute("role", "status");
    area.after(said);
    let seen = area.value;
    let timer = 0;
    let busy = false;
    const count = () => `已写 ${area.value.length.toLocaleString()} / ${Number(area.dataset.most).toLocaleString()} 字`;
    const tell = (text, bad) => {
      said.textContent = text;
      said.classList.toggle("is-bad", bad);
    };
    tell(count(), false);
    const save = async () => {
      if (busy || area.value === seen) return;
      busy = true;
      const value = area.value;
      try {
        const body = new URLSearchParams({ name: area.dataset.autosave, value, seen });
        const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() } });
        const isAnswer = (answer.headers.get("content-type") ?? "").includes("json");
        const told = isAnswer ? await answer.json() : { said: unanswered(answer) };
        if (told.saved) {
          seen = value;
          tell(`${count()}，${told.said}`, false);
        } else {
          tell(told.said, true);
          if (told.now !== undefined) theirs(told.now);
        }
      } catch {
        tell("没有自动保存：网络不通。您写的还在框里，请稍后点“保存”。", true);
      }
      busy = false;
      if (area.value !== value) timer = setTimeout(save, 3000);
    };
    const theirs = (text) => {
      seen = text; // seen now: the next save is the author's own choice
      const found = said.nextElementSibling?.classList.contains("autosave-theirs") ? said.nextElementSibling : null;
      const shown = found ?? document.createElement("blockquote");
      shown.className = "autosave-theirs";
      shown.textContent = text || "（同事清空了这一栏）";
      said.after(shown);
    };
    area.addEventListener("input", () => {
      tell(count(), area.value.length > Number(area.dataset.most));
      clearTimeout(timer);
      timer = setTimeout(save, 3000);
    });
    area.addEventListener("blur", save);
  }
})();
