// What is too wide for the page scrolls by itself, and must then be reachable with the keyboard.
const focusable = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
    } else {
      target.removeAttribute("tabindex");
    }
  }
});
for (const element of document.querySelectorAll("main pre > code, main .table-wrapper")) {
  focusable.observe(element);
}
