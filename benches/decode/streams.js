// The streams that are decoded: what an answer of some length looks like, in pieces of several sizes.

// Words, punctuation, Markdown and code as a model cuts them, with an escape or a character beyond ASCII here and there.
const PARAGRAPHS = [
  'Sure! Here is a short overview of how event streams work in a browser, and what can go wrong on the way.\n\n',
  '## Reading a response\n\n1. **Open** the request with `fetch`, and check the status.\n2. Read the body chunk by chunk.\n\n',
  '```js\nconst reader = response.body.getReader()\nwhile (true) {\n  const { done, value } = await reader.read()\n  if (done) break\n}\n```\n\n',
  'The server says "end" when the answer is complete; until then the connection stays open, and every token is sent as soon as the model has it. ',
  'Proxies may hold chunks back, cut them anywhere, or join many of them, so a decoder must not rely on where a chunk ends. ',
  'Na\u00efve clients break on caf\u00e9, on \u4f60\u597d, or on \ud83d\ude80 when a character is cut in two.\n\n',
]
const TOKENS = PARAGRAPHS.flatMap((paragraph) => paragraph.match(/\s?[\p{L}\p{N}]{1,7}|\s*[^\s\p{L}\p{N}]+|\s+/gu))

/** `count` token events, and what they are. */
export function tokenEvents(count) {
  const events = Array.from({ length: count }, (_, index) => ['token', TOKENS[index % TOKENS.length]])
  return { events, blocks: events.map(([event, data]) => block(event, data)) }
}

/** One event of about `size` bytes: the data of an agent flow's nodes. */
export function bigEvent(size) {
  const node = (index) => ({
    nodeId: `llmAgentflow_${index}`,
    nodeLabel: 'Writer',
    data: { id: `llmAgentflow_${index}`, name: 'llmAgentflow', output: { content: PARAGRAPHS.join('') } },
    previousNodeIds: [`llmAgentflow_${index - 1}`],
    status: 'FINISHED',
  })
  const bytes = JSON.stringify(node(1000)).length
  const data = Array.from({ length: Math.ceil(size / bytes) }, (_, index) => node(index))
  return { events: [['agentFlowExecutedData', data]], blocks: [block('agentFlowExecutedData', data)] }
}

// As Flowise writes them.
const block = (event, data) => new TextEncoder().encode(`message:\ndata:${JSON.stringify({ event, data })}\n\n`)

/** The blocks as chunks of `size` bytes; without a size, each is a chunk. */
export function chunks(blocks, size) {
  if (size === undefined) return blocks
  const length = blocks.reduce((sum, { length }) => sum + length, 0)
  const all = new Uint8Array(length)
  let at = 0
  for (const part of blocks) {
    all.set(part, at)
    at += part.length
  }
  const pieces = []
  for (let from = 0; from < length; from += size) pieces.push(all.slice(from, from + size))
  return pieces
}
