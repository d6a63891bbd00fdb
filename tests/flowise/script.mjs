/**
 * The answers of the scripted model: the same chat request always gets the same answer.
 *
 * The words of the last question decide. The ones below count up to the word `say`; the rest is what is said.
 *
 * | words | answer |
 * |---|---|
 * | `say X` | X |
 * | `long N` | N words |
 * | `calculate 12*3` | a call of the tool `calculator`, where the request offers it; then "The answer is 36." |
 * | `everyone` | a supervisor calls each worker once, instead of the first one only |
 * | `fail` | the model refuses, as it does a wrong key |
 * | `drop` | the connection breaks after five tokens |
 * | `slow`, `fast` | 200 ms before each token, or no pause at all, instead of 4 ms |
 * | anything else | a greeting with quotes, Chinese, emoji and a code block |
 *
 * This module knows no HTTP: `model.mjs` does.
 */

const GREETING = `Hello there! Here is naïve “quoted” text,

- 你好 世界
- emoji 🎉👩‍👩‍👧

\`\`\`js
console.log("hi")
\`\`\`
Done.`

/** What a model that thinks aloud thinks before each answer. */
export const THOUGHT = 'Let me think about “this”.'

/** How many tokens arrive before the connection breaks, when the question says `drop`. */
export const TOKENS_BEFORE_DROP = 5

const FINISH = 'FINISH'
// The tool by which the supervisor of a Multi-agent flow names the next worker.
const ROUTE = 'route'
// The last message of a supervisor's request. It is Flowise's own, so the question comes before it.
const SUPERVISOR_PROMPT = /^Given the conversation above, who should act next/
// A retrieval chain with a history asks for the question alone; it is repeated as it was.
const REPHRASE_PROMPT = /Follow Up Input: ([\s\S]*)\nStandalone Question:\s*$/

/**
 * The answer to a chat request.
 *
 * @param {{ messages?: object[], tools?: object[], tool_choice?: unknown, response_format?: object }} request
 * @returns {{ text: string, call: { id: string, name: string, input: object } | null, fail: boolean, drop: boolean,
 *   pace: number }} `call` is a tool call that is made instead of saying `text`; `pace` is in ms a token.
 */
export function answer(request) {
  const messages = messagesOf(request)
  const at = questionIndex(messages)
  const question = at < 0 ? '' : messages[at].text
  const [, head, said] = /^([\s\S]*?)(?:\bsay\b ?([\s\S]*))?$/.exec(question)
  const has = (word) => new RegExp(`\\b${word}\\b`).test(head)
  const says = (text) => ({
    text,
    call: null,
    fail: has('fail'),
    drop: has('drop'),
    pace: has('slow') ? 200 : has('fast') ? 0 : 4
  })
  const calls = (name, input) => ({ ...says(''), call: { id: `call_${messages.length}`, name, input } })

  const follow = REPHRASE_PROMPT.exec(question)
  if (follow) return says(follow[1])

  // Filled in lazily: most requests ask for no structured answer.
  const fill = (schema) => structured(schema, { question, everyone: has('everyone'), reports: reportsAfter(messages, at) })
  const format = request.response_format?.json_schema?.schema
  if (format) return says(JSON.stringify(fill(format)))
  const tool = requiredTool(request)
  if (tool) return calls(tool.name, fill(tool.parameters))

  const last = messages.at(-1)
  if (last?.role === 'tool') return says(`The answer is ${last.text}.`)
  const sum = /\bcalculate\s+([-+*/().\d\s]*\d\)*)/.exec(head)
  if (sum && offered(request, 'calculator')) return calls('calculator', { input: sum[1] })

  if (said !== undefined) return says(said)
  const long = /\blong\s+(\d+)/.exec(head)
  if (long) return says(Array.from({ length: Number(long[1]) }, (_, n) => `w${n}`).join(' '))
  return says(GREETING)
}

/** The messages of a chat request, each as text. */
export function messagesOf({ messages = [] }) {
  return messages.map(({ role, name, content }) => ({ role, name, text: textOf(content) }))
}

/** Cuts a text into tokens: each word and each run of blanks is one. */
export function tokens(text) {
  return text.match(/\s+|\S+/g) ?? []
}

/** The text of a message, whose content may be a string or a list of parts. */
function textOf(content) {
  if (!Array.isArray(content)) return content ?? ''
  return content.map((part) => (typeof part === 'string' ? part : (part.text ?? ''))).join('')
}

/** Where the last question is: not a supervisor's prompt, and not a report, which carries the name of who wrote it. */
function questionIndex(messages) {
  return messages.findLastIndex(({ role, name, text }) => role === 'user' && !name && !SUPERVISOR_PROMPT.test(text))
}

/** How many workers have reported since the question. A supervisor's own decisions are no reports. */
function reportsAfter(messages, at) {
  return messages.slice(at + 1).filter(({ role, name }) => role === 'user' && name && name !== 'supervisor').length
}

function functionsOf(request) {
  return (request.tools ?? []).map((tool) => tool.function ?? tool)
}

function offered(request, name) {
  return functionsOf(request).some((tool) => tool.name === name)
}

/** The tool that must be called: one that the request chose, or a supervisor's. */
function requiredTool(request) {
  const name = request.tool_choice?.function?.name ?? ROUTE
  return functionsOf(request).find((tool) => tool.name === name)
}

/** A value for a JSON schema. A schema with `next` is a supervisor's decision. */
function structured(schema, state) {
  const properties = schema?.properties ?? {}
  if (!properties.next) return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, sample(value, state)]))

  const workers = (properties.next.enum ?? []).filter((name) => name !== FINISH)
  const next = state.reports < (state.everyone ? workers.length : 1) ? workers[state.reports] : FINISH
  const instructions = next === FINISH ? 'All done.' : `Do your part: ${state.question}`
  const decided = { next, instructions }
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, decided[key] ?? sample(value, state)]))
}

function sample(schema, state) {
  if (schema.enum) return schema.enum[0]
  switch (schema.type) {
    case 'object':
      return structured(schema, state)
    case 'array':
      return []
    case 'number':
    case 'integer':
      return 0
    case 'boolean':
      return false
    default:
      return 'text'
  }
}
