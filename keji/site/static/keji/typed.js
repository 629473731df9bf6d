/* Nothing typed is lost: what a form carried when it was sent is put back when the answer was no, when the log-in had
   run out, or when the page had become too old. Kept in this tab only, for this reader only, until it is saved.
   Files and passwords are never kept; visitors without log-in keep nothing. A form is known by its address. */
(function () {
  "use strict";
  const keji = (window.keji = window.keji || {});
  const KEY = "keji-typed";
  const SKIPPED = ["hidden", "file", "password", "submit", "button", "reset", "search"];
  const reader = document.body.dataset.reader || "";
  const inside = reader !== "";

  function load() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  }
  function store(entry) {
    try {
      if (entry) sessionStorage.setItem(KEY, JSON.stringify(entry));
      else sessionStorage.removeItem(KEY);
    } catch {
      /* a browser that keeps nothing: the form works as before */
    }
  }
  function fields(form) {
    return [...form.elements].filter((one) => one.name && one.type && !SKIPPED.includes(one.type));
  }
  function address(form) {
    return new URL(form.getAttribute("action") || location.href, location.href).pathname;
  }
  function ticks(one) {
    return one.type === "checkbox" || one.type === "radio";
  }

  /* --- Sent: remember. After the page's own listeners, so a confirmation that was refused is not one. --- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!inside || event.defaultPrevented || (form.getAttribute("method") || "get").toLowerCase() !== "post") return;
    if (form.matches("[hx-post], [hx-put], [hx-delete], [hx-boost]")) return;
    const rows = fields(form).map((one) => [one.name, ticks(one) ? one.checked : one.value]);
    const told = fields(form).some((one) => !ticks(one) && one.tagName !== "SELECT" && one.value.trim());
    const secret = form.querySelector('input[type="password"]');
    store(told && !secret ? { reader, to: address(form), rows } : null);
  });

  /* --- Answered: put back what was not taken, forget what was --- */
  function putBack(form, rows) {
    const waiting = rows.slice();
    for (const one of fields(form)) {
      const at = waiting.findIndex(([name]) => name === one.name);
      if (at < 0) continue;
      const value = waiting.splice(at, 1)[0][1];
      if (ticks(one)) one.checked = value;
      else one.value = value;
      one.dispatchEvent(new Event("input", { bubbles: true }));
      one.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const fold = form.closest("details");
    if (fold) fold.open = true;
    const note = document.createElement("p");
    note.className = "form-hint typed-note";
    note.setAttribute("role", "status");
    note.textContent = "您刚才填写的内容已经放回，还没有保存。";
    form.prepend(note);
  }
  keji.ready((root) => {
    if (root !== document.body) return;
    const last = load();
    if (!last) return;
    if (!inside) {
      // Log-in, or a page that says something went wrong: not answered yet.
      store({ ...last, waiting: true });
      return;
    }
    const refused = document.querySelector("#messages .alert-error");
    if (last.reader !== reader || (!refused && !last.waiting)) {
      store(null);
      return;
    }
    const form = [...document.querySelectorAll('form[method="post"]')].find((one) => address(one) === last.to);
    if (form) {
      putBack(form, last.rows);
      if (refused) refused.querySelector("div").append("刚才填写的内容没有丢，已放回原处。");
    }
    if (form || !last.waiting) store(null);
  });
})();
