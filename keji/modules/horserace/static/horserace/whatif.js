/* A slider and its number show the same figure; another unit begins with that unit's own figures. */
(function () {
  "use strict";
  const form = document.querySelector("[data-whatif]");
  if (!form) return;
  form.querySelectorAll("input[type=range]").forEach((slider) => {
    const box = document.getElementById(slider.dataset.for);
    slider.addEventListener("input", () => { box.value = slider.value; });
    box.addEventListener("input", () => { slider.value = box.value; });
  });
  form.querySelector("[data-reload]").addEventListener("change", (event) => {
    event.stopPropagation();
    location.assign(location.pathname + "?unit=" + encodeURIComponent(event.target.value));
  });
})();
