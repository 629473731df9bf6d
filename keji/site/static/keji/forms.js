/* Forms: one submit at a time, nothing typed is lost by accident, ticking many rows, dropping a file.

   data-unsaved    on a form: asks before leaving with changes      data-bulk   on a list's form: select-all and its bar
   data-dropzone   around a file input                              data-resubmit   a form that may be sent again (downloads) */
(function () {
  "use strict";
  const keji = (window.keji = window.keji || {});

  /* --- Double submit --- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // The attribute, not form.method: a field called "method" would hide the property.
    if (event.defaultPrevented || (form.getAttribute("method") || "get").toLowerCase() !== "post") return;
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    form.dataset.unsavedLeft = "yes";
    if (form.hasAttribute("data-resubmit") || form.matches("[hx-post], [hx-put], [hx-delete], [hx-boost]")) return;
    form.dataset.busy = "yes";
    const button = event.submitter || form.querySelector('[type="submit"]');
    if (!button) return;
    button.classList.add("is-busy");
    button.setAttribute("aria-busy", "true");
    // After this event: a disabled button would not send its own name and value.
    setTimeout(() => form.querySelectorAll('[type="submit"]').forEach((b) => (b.disabled = true)), 0);
  });
  /* Back in history shows the page as it was left, its buttons disabled: free them. */
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-busy]").forEach((form) => {
      delete form.dataset.busy;
      form.querySelectorAll('[type="submit"]').forEach((button) => {
        button.disabled = false;
        button.classList.remove("is-busy");
        button.removeAttribute("aria-busy");
      });
    });
  });

  /* --- Unsaved changes: compared with what was loaded, so typing and undoing is not a change --- */
  const loaded = new WeakMap();
  function contents(form) {
    return [...new FormData(form)].map(([name, value]) => name + "=" + (value.name === undefined ? value : value.name)).join("\n");
  }
  function isDirty(form) {
    return loaded.has(form) && !form.dataset.unsavedLeft && contents(form) !== loaded.get(form);
  }
  keji.ready((root) => {
    root.querySelectorAll("form[data-unsaved]").forEach((form) => {
      loaded.set(form, contents(form));
      form.addEventListener("input", () => form.classList.toggle("is-dirty", isDirty(form)));
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("form[data-unsaved]")].some(isDirty)) event.preventDefault();
  });

  /* --- Select all and the bulk bar --- */
  function refresh(form) {
    const ticks = [...form.querySelectorAll('input[name="ids"]')];
    const chosen = ticks.filter((tick) => tick.checked).length;
    const all = form.querySelector("[data-select-all]");
    const bar = form.querySelector("[data-bulk-bar]");
    if (all) {
      all.checked = chosen > 0 && chosen === ticks.length;
      all.indeterminate = chosen > 0 && chosen < ticks.length;
    }
    if (bar) {
      bar.hidden = chosen === 0;
      form.querySelector("[data-bulk-count]").textContent = chosen;
    }
  }
  function setAll(form, value) {
    form.querySelectorAll('input[name="ids"]').forEach((tick) => (tick.checked = value));
    refresh(form);
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-select-all]")) setAll(form, event.target.checked);
    else refresh(form);
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-bulk-clear]");
    if (clear) setAll(clear.form, false);
  });
  keji.ready((root) => root.querySelectorAll("form[data-bulk]").forEach(refresh));

  /* --- Drop zone --- */
  function size(bytes) {
    return bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1024 / 1024).toFixed(1) + " MB";
  }
  function named(zone, input) {
    const files = [...input.files];
    zone.querySelector("[data-dropzone-name]").textContent = files.map((f) => `${f.name}（${size(f.size)}）`).join("、");
  }
  keji.ready((root) => {
    root.querySelectorAll("[data-dropzone]").forEach((zone) => {
      const input = zone.querySelector('input[type="file"]');
      zone.classList.add("is-ready");
      input.addEventListener("change", () => named(zone, input));
      zone.addEventListener("dragover", (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      });
      zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
      zone.addEventListener("drop", (event) => {
        event.preventDefault();
        zone.classList.remove("is-over");
        if (!event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        named(zone, input);
      });
    });
  });
})();
