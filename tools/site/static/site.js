// Code that scrolls can be reached by the keyboard, and what has no name gets one.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("pre, .cell_output")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
  for (const sign of document.querySelectorAll("summary")) {
    if (!sign.textContent.trim()) sign.setAttribute("aria-label", "Show or hide these pages");
  }
  for (const field of document.querySelectorAll('input[type="search"], input.form-control')) {
    if (!field.getAttribute("aria-label")) field.setAttribute("aria-label", "Search the site");
  }
});
