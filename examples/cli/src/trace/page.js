const scroll = document.querySelector(".scroll");
const cursor = document.querySelector(".cursor");
scroll.addEventListener("mousemove", event => {
  const x = event.clientX - scroll.getBoundingClientRect().left + scroll.scrollLeft;
  const at = x / scroll.firstElementChild.clientWidth * end;
  cursor.hidden = at > end;
  cursor.style.left = `${x}px`;
  cursor.dataset.at = `${at.toFixed(3)} s`;
});
scroll.addEventListener("mouseleave", () => { cursor.hidden = true; });

const search = document.querySelector("input");
const buttons = [...document.querySelectorAll("button")];
const rows = [...document.querySelectorAll("tbody tr")];
function filter() {
  const kinds = new Set(buttons.filter(it => it.ariaPressed === "true").map(it => it.dataset.kind));
  const words = search.value.toLowerCase();
  for (const row of rows) {
    row.hidden = !kinds.has(row.dataset.kind) || !row.textContent.toLowerCase().includes(words);
  }
}
search.addEventListener("input", filter);
for (const button of buttons) {
  button.addEventListener("click", () => {
    button.ariaPressed = String(button.ariaPressed !== "true");
    filter();
  });
}
