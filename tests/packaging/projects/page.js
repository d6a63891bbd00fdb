import { run } from './chat.js'

run(Object.fromEntries(new URLSearchParams(location.search))).then(
  (answer) => (window.answer = answer),
  (error) => (window.answer = { error: String(error.stack) }),
)
