// Keyboard for the queue: j/k move, Enter opens (a link does that by itself), / searches, right arrow: next page.
const links = [...document.querySelectorAll(".row-link")];
const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
const last = sessionStorage.getItem("qa-call");

function move(by) {
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by;
  if (next >= links.length) document.getElementById("next-page")?.focus();
  else links[Math.max(0, next)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") document.getElementById("said").focus();
  else return;
  event.preventDefault();
});

for (const link of links) {
  link.addEventListener("click", () => sessionStorage.setItem("qa-call", link.pathname));
  if (last && link.pathname === last) link.closest("li").classList.add("visited");
}

// On a phone the filters begin folded; how many are set stands beside their name.
const more = document.querySelector(".filters .more");
if (more && matchMedia("(max-width: 60rem)").matches) more.open = false;
