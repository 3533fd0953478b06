// A file that is too large is refused here already, so that nobody waits for its upload in vain.

for (const field of document.querySelectorAll("input[data-most]")) {
  field.addEventListener("change", () => {
    const file = field.files[0];
    const tooLarge = file && file.size > Number(field.dataset.most);
    field.setCustomValidity(tooLarge ? field.dataset.tooLarge : "");
    if (tooLarge) field.reportValidity();
  });
}
