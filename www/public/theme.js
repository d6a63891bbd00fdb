// Before the first paint, so that a chosen theme does not flash the other one first.
try {
  const theme = localStorage.getItem('flowise-stream.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // No storage: the system's theme.
}
