// Runs the code of docs/coming-from.md, which knows these names: the way that the address names asks twice.

const { way, ...flow } = Object.fromEntries(new URLSearchParams(location.search))
const ways = import.meta.glob('./ways/*.js')
let shown = ''

Object.assign(globalThis, flow, {
  show: (text) => (shown += text),
  render: ({ messages }) => (shown = messages.filter(({ role }) => role === 'assistant').map(({ text }) => text).join('')),
})

async function run() {
  const { ask } = await ways[`./ways/${way}.js`]()
  const answers = []
  for (const question of flow.questions.split('|')) {
    await ask(question)
    answers.push(shown)
    shown = ''
  }
  return answers
}

run().then(
  (answers) => (window.answer = answers),
  (error) => (window.answer = { error: String(error.stack) }),
)
