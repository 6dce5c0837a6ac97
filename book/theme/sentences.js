// A browser squeezes a column to its longest word before the table scrolls. One of sentences stays as wide as a few words.
for (const cell of document.querySelectorAll("main .table-wrapper td")) {
  cell.classList.toggle("sentence", cell.textContent.length > 30);
}
