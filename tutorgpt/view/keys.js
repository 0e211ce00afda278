/* In JupyterLab a widget's own keys stay its own: arrows, letters, Enter.

   What is pressed together with Ctrl or Cmd is JupyterLab's, so that one can
   save from here; Escape leads back to the cell. */
function keepKeys(place) {
  const EDITS = new Set(["a", "c", "v", "x", "y", "z", "enter"]);
  const mine = "input, textarea, button, select, summary, [tabindex]";
  const decide = (event) => {
    const part = event.target.closest?.(mine);
    if (!part || !place.contains(part)) return;
    if ((event.ctrlKey || event.metaKey) && !EDITS.has(event.key.toLowerCase())) delete part.dataset.lmSuppressShortcuts;
    else part.dataset.lmSuppressShortcuts = "true";
    if (event.key === "Escape") part.closest(".jp-Cell")?.focus();
  };
  // Before JupyterLab, which listens at the document.
  addEventListener("keydown", decide, true);
  return () => removeEventListener("keydown", decide, true);
}
