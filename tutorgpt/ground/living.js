/* What every widget does in a notebook's page. It is told the element that it
   has for itself, and gets back what to call when it goes. */

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

/* Where a widget lives, the line above it that says what to do if it does not
   is hidden: the nearest one before it, wherever a program puts outputs. */
function hideLine(place) {
  const hide = () => {
    if (!place.isConnected) return;
    const isBefore = (line) => place.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_PRECEDING;
    const line = [...document.querySelectorAll(".tg-lost")].filter(isBefore).at(-1);
    if (line) (line.closest(".jp-OutputArea-child") ?? line).style.display = "none";
  };
  // It may be built before it is put into the page, and take its place later.
  const watch = new ResizeObserver(hide);
  watch.observe(place);
  return () => watch.disconnect();
}
