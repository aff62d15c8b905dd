// The player's keys. Those for deciding are in decide.js; the help dialog lists both.

const TYPING = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "button, a, summary, input, label";

export function listen(page, actions) {
  const keys = {
    "<": () => actions.faster(-1),
    ">": () => actions.faster(1),
    "[": actions.loopFrom,
    "]": actions.loopTo,
    l: actions.loop,
    s: actions.skipSilence,
    "+": () => actions.zoom(2),
    "-": () => actions.zoom(0.5),
    f: actions.follow,
    "?": actions.help,
  };
  page.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(TYPING) || page.querySelector("dialog[open]")) return;
    if (event.key === " ") {
      if (target.closest(PRESSED_BY_SPACE)) return;
      actions.toggle();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      if (target.closest("input")) return;
      actions.seekBy((event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? 1 : 5));
    } else if (Object.hasOwn(keys, event.key)) keys[event.key]();
    else return;
    event.preventDefault();
  });
}
