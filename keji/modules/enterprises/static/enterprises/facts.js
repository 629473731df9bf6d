/* The unit chosen once stands behind every amount of the form. */
(function () {
  "use strict";
  document.addEventListener("change", (event) => {
    if (!event.target.matches('.fact-units input[name="unit"]')) return;
    document.querySelectorAll("[data-money-unit]").forEach((mark) => (mark.textContent = event.target.value));
  });
})();
