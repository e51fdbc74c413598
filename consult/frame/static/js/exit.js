// Leaves at once: empties the page and takes it out of the history, so Back does not show it.
// Without script the same link leads away by itself.
document.getElementById("exit")?.addEventListener("click", (event) => {
  event.preventDefault();
  const away = event.currentTarget.href;
  document.title = "";
  document.documentElement.replaceChildren();
  location.replace(away);
});
