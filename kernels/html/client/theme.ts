// Runs before the page is drawn, so that a reader in the dark sees no flash of white.
document.documentElement.classList.add('scripted');
try {
  const chosen = localStorage.getItem('obsnode-theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch {
  // Nothing is remembered where the browser forbids it.
}
