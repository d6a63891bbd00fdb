// The streams to decode: long answers in chunks of several sizes.

// Prose, Markdown and code in English: ASCII, with the line ends, quotes and backslashes that JSON escapes.
const ENGLISH = [
  'Sure! Here is a short overview of how event streams work in a browser, and what can go wrong on the way.\n\n',
  '## Reading a response\n\n1. **Open** the request with `fetch`, and check the status.\n2. Read the body chunk by chunk.\n\n',
  '```js\nconst reader = response.body.getReader()\nwhile (true) {\n  const { done, value } = await reader.read()\n  if (done) break\n}\n```\n\n',
  'The server says "end" when the answer is complete; until then the connection stays open, and every token is sent as soon as the model has it. ',
  'Proxies may hold chunks back, cut them anywhere, or join many of them, so a decoder must not rely on where a chunk ends. ',
  'On Windows the log is in `C:\\ProgramData\\flowise\\logs`; use `grep -E "error|warn"` to search it.\n\n',
]

// The same in other languages, with what else people write: accents, quotation marks, emoji, mathematics.
const OTHERS = [
  '\u5f53\u7136\u53ef\u4ee5\uff01\u670d\u52a1\u5668\u6bcf\u751f\u6210\u4e00\u4e2a\u8bcd\u5c31\u7acb\u5373\u53d1\u9001\uff0c\u6d4f\u89c8\u5668\u6536\u5230\u540e\u9a6c\u4e0a\u663e\u793a\u3002\n\n',
  '\u30b5\u30fc\u30d0\u30fc\u306f\u30c8\u30fc\u30af\u30f3\u3092\u4e00\u3064\u305a\u3064\u9001\u308a\u3001\u30d6\u30e9\u30a6\u30b6\u306f\u305d\u308c\u3092\u3059\u3050\u306b\u8868\u793a\u3057\u307e\u3059\u3002',
  '\u064a\u0631\u0633\u0644 \u0627\u0644\u062e\u0627\u062f\u0645 \u0643\u0644 \u0643\u0644\u0645\u0629 \u0641\u0648\u0631 \u0625\u0646\u0634\u0627\u0626\u0647\u0627\u060c \u0648\u062a\u0628\u0642\u0649 \u0627\u0644\u0642\u0646\u0627\u0629 \u0645\u0641\u062a\u0648\u062d\u0629. ',
  '\u0421\u0435\u0440\u0432\u0435\u0440 \u043e\u0442\u043f\u0440\u0430\u0432\u043b\u044f\u0435\u0442 \u043a\u0430\u0436\u0434\u043e\u0435 \u0441\u043b\u043e\u0432\u043e \u0441\u0440\u0430\u0437\u0443. ',
  'Na\u00efve d\u00e9codeurs \u00e9chouent d\u00e8s qu\u2019un caract\u00e8re est coup\u00e9 \u2014 \u201eM\u00fc\u00dfiggang\u201c, \u00abgar\u00e7on\u00bb, ma\u00f1ana\u2026 ',
  '\u2705 Done \ud83d\ude80\ud83d\ude80 \ud83d\udc4d\ud83c\udffd \ud83d\udc69\u200d\ud83d\udcbb: \u03c0 \u2248 3,14; x\u00b2 \u2264 \u221a2 \u2192 \u221e \u20ac5\n',
]

// As models cut it: words with the blank before them, two or three characters of Chinese or Japanese, single emoji.
const cut = (paragraphs) =>
  paragraphs.flatMap((paragraph) =>
    paragraph.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc]{1,3}|\s?[\p{L}\p{M}\p{N}]{1,7}|\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}\u200d]*|\s*[^\s\p{L}\p{N}\p{Extended_Pictographic}]+|\s+/gu),
  )
const english = cut(ENGLISH)
const others = cut(OTHERS).filter((token) => /[^\0-\x7f]/.test(token))

/** The kinds of text: of the mixed one, one token in four is not ASCII. */
const TEXTS = {
  mixed: (index) => (index % 4 === 3 ? others[(index >> 2) % others.length] : english[(index - (index >> 2)) % english.length]),
  English: (index) => english[index % english.length],
}

/** `count` token events, and what they are. */
export function tokenEvents(count, text) {
  const events = Array.from({ length: count }, (_, index) => ['token', TEXTS[text](index)])
  return { events, blocks: events.map(([event, data]) => block(event, data)) }
}

/** One event of about `size` bytes: the data of an agent flow's nodes. */
export function bigEvent(size) {
  const node = (index) => ({
    nodeId: `llmAgentflow_${index}`,
    nodeLabel: 'Writer',
    data: { id: `llmAgentflow_${index}`, name: 'llmAgentflow', output: { content: [...ENGLISH, ...OTHERS].join('') } },
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
