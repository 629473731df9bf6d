/* The plan beside its targets: pointing at one side lights the other, a click goes there. The page works without it.

   data-cite="id"     a stretch of the text that states target id     data-target="id"  the target's row
   data-place="line"  goes to a line of the text                      data-go="id"      goes to a target
   data-drop="url"    asks why, then posts there                      data-fold         opens or closes the whole tree
   data-plan-bulk     the bar for ticked targets (form="bulk")        data-close-edit   puts the inline form away */
(function () {
  "use strict";
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];

  /* --- Light both sides --- */
  function lit(id, on) {
    all(`[data-cite="${id}"], [data-target="${id}"]`).forEach((part) => part.classList.toggle("is-lit", on));
  }
  let current = "";
  function point(event) {
    const part = event.target.closest && event.target.closest("[data-cite], [data-target]");
    const id = part ? part.dataset.cite || part.dataset.target : "";
    if (id === current) return;
    if (current) lit(current, false);
    if (id) lit(id, true);
    current = id;
  }
  document.addEventListener("mouseover", point);
  document.addEventListener("focusin", point);

  /* --- Go to the other side; the text scrolls inside its own box when it has one --- */
  function show(element) {
    if (!element) return;
    const fold = element.closest("details:not([open])");
    if (fold) fold.open = true;
    const box = element.closest(".plan-text");
    if (box && box.scrollHeight > box.clientHeight + 4) {
      const middle = element.offsetTop - box.clientHeight / 2 + element.offsetHeight / 2;
      box.scrollTo({ top: Math.max(0, middle), behavior: "smooth" });
      // Beside each other the box is always in sight; one above the other it has to be fetched.
      if (innerWidth < 1200) box.scrollIntoView({ block: "start", behavior: "smooth" });
    } else {
      element.scrollIntoView({ block: "center", behavior: "smooth" });
    }
    element.classList.remove("is-flash");
    void element.offsetWidth; // so that the animation starts again
    element.classList.add("is-flash");
  }
  function choose(id) {
    all(".is-chosen").forEach((part) => part.classList.remove("is-chosen"));
    all(`[data-cite="${id}"], [data-target="${id}"]`).forEach((part) => part.classList.add("is-chosen"));
  }
  function goTo(id) {
    const row = document.getElementById("t" + id);
    choose(id);
    show(row);
    if (row) row.focus({ preventScroll: true });
  }
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const cite = at("a[data-cite]");
    const place = at("a[data-place]");
    const go = at("a[data-go]");
    if (cite || go) {
      if (String(getSelection())) return; // somebody is selecting words, not clicking
      event.preventDefault();
      goTo(cite ? cite.dataset.cite : go.dataset.go);
    } else if (place) {
      event.preventDefault();
      const line = place.dataset.place;
      if (place.dataset.of) choose(place.dataset.of);
      show(document.getElementById(`c${place.dataset.of}-${line}`) || document.getElementById("l" + line));
    } else if (at("[data-drop]")) {
      const dialog = document.getElementById("drop-one");
      dialog.querySelector("form").action = at("[data-drop]").dataset.drop;
      dialog.querySelector("[data-drop-subject]").textContent = at("[data-drop]").dataset.subject;
      dialog.showModal();
    } else if (at("[data-close-edit]")) {
      at(".goal-edit").replaceChildren();
    } else if (at("[data-fold]")) {
      const open = at("[data-fold]").dataset.fold === "open";
      all("details.branch, details.twig").forEach((part) => (part.open = open));
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const first = event.detail.target.querySelector(".inline-edit input:not([type=hidden])");
    if (first) first.focus();
  });

  /* --- Selected words become a target --- */
  const text = document.getElementById("plan-text");
  const here = document.getElementById("add-here");
  function chosen() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const line = (node) => (node.nodeType === 1 ? node : node.parentElement).closest(".line-text");
    const from = line(selection.anchorNode);
    const words = String(selection).trim();
    if (!from || from !== line(selection.focusNode) || words.length < 2 || words.length > 200) return null;
    return { line: from.parentElement.dataset.line, words };
  }
  if (text && here) {
    document.addEventListener("selectionchange", () => (here.hidden = !chosen()));
    here.addEventListener("mousedown", (event) => event.preventDefault()); // keep the selection
    here.addEventListener("click", () => {
      const found = chosen();
      if (found) location.assign(`${text.dataset.add}?line=${found.line}&text=${encodeURIComponent(found.words)}`);
    });
  }

  /* --- Ticks --- */
  const bulk = document.querySelector("[data-plan-bulk]");
  function ticks() {
    return bulk ? all('input[name="ids"][form="bulk"]') : [];
  }
  function refresh() {
    if (!bulk) return;
    const count = ticks().filter((tick) => tick.checked).length;
    bulk.hidden = count === 0;
    bulk.querySelector("[data-count]").textContent = count;
    all("[data-select-group]").forEach((head) => {
      const own = all('input[name="ids"]', head.closest(".goals"));
      const on = own.filter((tick) => tick.checked).length;
      head.checked = on > 0 && on === own.length;
      head.indeterminate = on > 0 && on < own.length;
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-group]")) {
      all('input[name="ids"]', event.target.closest(".goals")).forEach((tick) => (tick.checked = event.target.checked));
      refresh();
    } else if (event.target.matches('input[name="ids"]')) {
      refresh();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    ticks().forEach((tick) => (tick.checked = false));
    refresh();
  });

  /* --- Arriving at an anchor inside something folded --- */
  function arrive() {
    const id = location.hash.slice(1);
    const element = id && document.getElementById(id);
    if (!element) return;
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (/^t\d+$/.test(id)) goTo(id.slice(1));
  }
  document.addEventListener("DOMContentLoaded", () => {
    refresh();
    arrive();
  });
  addEventListener("hashchange", arrive);
})();
