// Moves the focus to the summary of what was refused, where the browser did not do it by itself.
document.getElementById("error-summary")?.focus();
