// The points given so far, added up while an expert writes; the house adds them again when the sheet is handed in.
(() => {
  const said = document.querySelector("[data-total]");
  const fields = [...document.querySelectorAll("input[data-full]")];
  if (!said || !fields.length) return;
  const add = () => {
    const given = fields.map((one) => one.value.trim()).filter((text) => /^\d+(\.\d)?$/.test(text));
    const tenths = given.reduce((sum, text) => sum + Math.round(Number(text) * 10), 0);
    const full = fields.reduce((sum, one) => sum + Number(one.dataset.full), 0);
    said.textContent = given.length ? `合计 ${tenths / 10} / ${full}（已打 ${given.length} / ${fields.length} 项）` : "";
  };
  fields.forEach((one) => one.addEventListener("input", add));
  add();
})();
