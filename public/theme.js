// Before the first paint, so that the chosen theme does not flash. Classic script: it must block.
try {
  const theme = localStorage.getItem('emo.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the system's theme is used.
}
