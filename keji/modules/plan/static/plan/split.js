/* Shares of a target while they are typed: the sum, and how far it is from the city's target. Display only; the server
   adds again. Figures are added as whole ten-thousandths, so 0.1 + 0.2 is 0.3. */
(function () {
  "use strict";
  const SCALE = 10000n;
  function exact(text) {
    const plain = String(text).replace(/[,，\s]/g, "");
    const found = /^(\d+)(?:\.(\d{0,4}))?$/.exec(plain);
    return found ? BigInt(found[1]) * SCALE + BigInt((found[2] || "").padEnd(4, "0")) : null;
  }
  function shown(value) {
    const whole = (value / SCALE).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    const rest = (value % SCALE).toString().padStart(4, "0").replace(/0+$/, "");
    return rest ? `${whole}.${rest}` : whole;
  }
  document.querySelectorAll("[data-sum]").forEach((table) => {
    const total = table.querySelector("[data-total]");
    const gap = table.querySelector("[data-gap]");
    const goal = table.dataset.goal === undefined ? null : exact(table.dataset.goal);
    const unit = table.dataset.unit || "";
    function add() {
      const parts = [...table.querySelectorAll("[data-part]")].map((box) => box.value);
      parts.push(...[...table.querySelectorAll("[data-part-value]")].map((cell) => cell.dataset.partValue));
      const sum = parts.map((text) => exact(text) || 0n).reduce((a, b) => a + b, 0n);
      total.textContent = shown(sum) + unit;
      if (goal === null) return;
      const lack = goal - sum;
      gap.textContent = lack === 0n ? "合计一致" : `${lack > 0n ? "少" : "多"} ${shown(lack > 0n ? lack : -lack)}${unit}`;
      gap.className = lack === 0n ? "muted" : "is-poor";
    }
    table.addEventListener("input", add);
  });
})();
