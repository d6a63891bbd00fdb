import { run } from './chat.js'
import { render } from './render.js'

const flow = Object.fromEntries(new URLSearchParams(location.search))

Promise.all([run(flow), render(flow)]).then(
  ([answer, hooked]) => (window.answer = { ...answer, hooked }),
  (error) => (window.answer = { error: String(error.stack) }),
)
