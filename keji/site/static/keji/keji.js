/* Behaviour every page shares; the page works without it. No framework, no inline handlers (strict CSP).
   Listeners sit on the document, so parts swapped in by htmx behave at once; `ready(fn)` runs fn on the page and on swaps.

   data-dialog="id"      opens that <dialog>            data-close     closes the dialog it is in
   data-confirm="text"   on a form, button or link: asks first        data-dismiss   removes its .alert
   data-toggle="id"      shows or hides (class is-open)               data-copy="text"  copies
   data-rows             a list whose rows (data-url) answer to j k Enter x
   data-print            prints                         data-focus     takes the focus when shown
   data-fold="name"      a <details> of the menu; the server reads the cookie, so nothing jumps after loading */
(function () {
  "use strict";
  const keji = (window.keji = window.keji || {});

  keji.ready = function (start) {
    document.addEventListener("DOMContentLoaded", () => start(document.body));
    document.addEventListener("htmx:load", (event) => {
      if (event.detail.elt !== document.body) start(event.detail.elt);
    });
  };

  keji.toast = function (text) {
    const line = document.getElementById("toast");
    if (!line) return;
    line.textContent = text;
    line.classList.add("is-shown");
    clearTimeout(keji.toastTimer);
    keji.toastTimer = setTimeout(() => line.classList.remove("is-shown"), 2200);
  };

  /* Resolves to true when the reader agrees; `danger` colours the button. */
  keji.confirm = function (text, danger) {
    const dialog = document.getElementById("confirm-dialog");
    const yes = document.getElementById("confirm-yes");
    if (!dialog || !dialog.showModal) return Promise.resolve(window.confirm(text));
    document.getElementById("confirm-text").textContent = text;
    yes.classList.toggle("btn-danger", !!danger);
    yes.classList.toggle("btn-primary", !danger);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) =>
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true })
    );
  };

  function isDanger(element) {
    return !!element.closest(".btn-danger") || !!element.querySelector(".btn-danger");
  }

  /* --- Confirm: forms and submit buttons at submit, links at click, htmx at its own event --- */
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const button = event.submitter;
      const text = (button && button.dataset.confirm) || form.dataset.confirm;
      if (!text || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keji.confirm(text, isDanger(button || form)).then((agreed) => {
        if (!agreed) return;
        form.dataset.confirmed = "yes";
        form.requestSubmit(button || undefined);
        delete form.dataset.confirmed;
      });
    },
    true
  );
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    keji.confirm(event.detail.question, isDanger(event.target)).then((agreed) => agreed && event.detail.issueRequest(true));
  });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const link = at("a[data-confirm]");
    if (link) {
      event.preventDefault();
      keji.confirm(link.dataset.confirm, isDanger(link)).then((agreed) => agreed && location.assign(link.href));
      return;
    }
    const opener = at("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) dialog.showModal();
      return;
    }
    if (at("[data-close]")) {
      const dialog = at("dialog");
      if (dialog) dialog.close();
      return;
    }
    if (at("[data-dismiss]")) {
      at(".alert").remove();
      return;
    }
    if (at("[data-refused]")) {
      event.preventDefault();
      const why = document.getElementById(at("[data-refused]").getAttribute("aria-describedby"));
      if (why) keji.toast(why.textContent);
      return;
    }
    if (at("[data-print]")) {
      window.print();
      return;
    }
    const toggle = at("[data-toggle]");
    if (toggle) {
      const open = document.getElementById(toggle.dataset.toggle).classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
      return;
    }
    const copy = at("[data-copy]");
    if (copy) {
      copyText(copy.dataset.copy).then((done) => {
        keji.toast(done ? "已复制" : "浏览器不允许复制，请手动选择");
        copy.classList.toggle("is-copied", done);
      });
      return;
    }
    if (event.target.nodeName === "DIALOG") {
      const box = event.target.getBoundingClientRect();
      const inside =
        event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      // A click on the backdrop closes, unless something was typed that would be lost.
      if (!inside && ![...event.target.querySelectorAll("textarea")].some((t) => t.value)) event.target.close();
    }
  });

  /* --- What the reader opened and closed in the menu stays so, in this browser --- */
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("[data-fold] > summary");
    if (!summary) return;
    // The click comes before the fold moves, and from the keyboard too; "toggle" would also report what was open at load.
    const fold = summary.parentElement;
    const kept = new URLSearchParams((/(?:^|; )menu=([^;]*)/.exec(document.cookie) || [])[1]);
    kept.set(fold.dataset.fold, fold.open ? "0" : "1");
    document.cookie = `menu=${kept}; path=/; max-age=31536000; samesite=lax`;
  });

  /* The clipboard API exists only over https; an office intranet often has none. */
  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).then(() => true, () => false);
    }
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return Promise.resolve(done);
  }

  /* --- Keyboard --- */
  function rows() {
    return [...document.querySelectorAll("[data-rows] [data-url]")].filter((row) => row.offsetParent !== null);
  }
  function move(step) {
    const all = rows();
    if (!all.length) return;
    const current = all.findIndex((row) => row.classList.contains("is-cursor"));
    const next = Math.min(Math.max(current + step, 0), all.length - 1);
    all.forEach((row, index) => row.classList.toggle("is-cursor", index === next));
    all[next].scrollIntoView({ block: "nearest" });
    const link = all[next].querySelector("a");
    if (link) link.focus({ preventScroll: true });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    const row = document.querySelector("[data-rows] .is-cursor");
    if (event.key === "/") {
      const search = document.getElementById("global-search");
      if (!search) return;
      search.focus();
      search.select();
    } else if (event.key === "?") {
      document.getElementById("keys-help").showModal();
    } else if (event.key === "j") {
      move(1);
    } else if (event.key === "k") {
      move(-1);
    } else if (event.key === "x" && row) {
      const tick = row.querySelector('input[name="ids"]');
      if (tick) tick.click();
    } else if (event.key === "Enter" && row && event.target === document.body) {
      location.assign(row.dataset.url);
    } else {
      return;
    }
    event.preventDefault();
  });

  /* --- Charts: the library is fetched only by pages that draw --- */
  let drawing = null;
  function script(source) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = source;
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  }
  keji.ready((root) => {
    const boxes = root.querySelectorAll(".chart[data-chart]");
    if (!boxes.length) return;
    // Room first, drawing later: nothing on the page jumps when the library arrives.
    boxes.forEach((box) => (box.style.height = (box.dataset.height || 280) + "px"));
    drawing =
      drawing ||
      document.body.dataset.draw.split(" ").reduce((before, source) => before.then(() => script(source)), Promise.resolve());
    drawing.then(() => keji.drawCharts(root)).catch(() => {
      boxes.forEach((box) => box.remove()); // the table underneath says the same
    });
  });

  /* Tabs that do not fit a phone: the present one is in sight. */
  keji.ready((root) => {
    root.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
      const list = tab.closest("ul");
      list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
    });
  });

  keji.ready((root) => {
    const wanted = root.querySelector("[data-focus]");
    if (wanted) wanted.focus();
  });

  /* A failed htmx request says so instead of doing nothing. */
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    keji.toast(status === 403 ? "没有权限办理这一步" : status === 404 ? "内容不存在或已撤下" : "系统没有完成这一步，请稍后再试");
  });
  document.addEventListener("htmx:sendError", () => keji.toast("网络不通，请检查连接后再试"));
})();
