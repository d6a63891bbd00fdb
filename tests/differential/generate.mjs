// Generates streams and replies with all oddities that servers may produce. The same seed generates the same ones.

const NAMES = [
  'token', 'token', 'token', 'thinking', 'start', 'sourceDocuments', 'usedTools', 'calledTools', 'artifacts', 'fileAnnotations',
  'agentReasoning', 'agentFlowExecutedData', 'nextAgent', 'agentFlowEvent', 'nextAgentFlow', 'action', 'usageMetadata', 'tool',
  'metadata', 'error', 'abort', 'end', 'tts_data', 'mood', '名字', '__proto__',
]
const TEXTS = [
  '', 'a', ' the', 'fifteen bytes!!', 'é', '你好', '🚀', '\u0000\u001f', '"\\/\b\f\n\r\t', '\u2028', '\ufeff', '[DONE]', 'data:',
  '\\ud83d', '\ud83d', '\ude00', 'x\ud83d', '\ude00y', '\ude00 and \ud83e', '\udd89', 'mid \ud83d dle', 'x'.repeat(5000),
]

// Numbers in a form that a reader may round, overflow or write otherwise. JavaScript has doubles only, so whole numbers stay below
// 2^53; a number that no double holds is in the tests of the Rust API.
const NUMBERS = [
  '0', '-0', '0.0', '-0.0', '1.0', '1e0', '1E+2', '1e-7', '1e21', '123456789012345680000', '9007199254740991', '-9007199254740991',
  '5e-324', '2.2250738585072014e-308', '2.2250738585072011e-308', '1.7976931348623157e308', '0.1', '0.30000000000000004',
  '122.416294033786585', '0.000001', '1.0000000000000002', '4.35', '9.5367431640625e-7', '179769313486231570e291',
]

/** mulberry32: random enough, and the same everywhere. */
export function randomness(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit) => Math.floor(next() * limit)
  const pick = (list) => list[below(list.length)]
  const list = (most, make) => Array.from({ length: below(most + 1) }, make)
  return { next, below, pick, list }
}

function double({ below }) {
  const words = new Uint32Array([below(2 ** 32), below(2 ** 32)])
  const [number] = new Float64Array(words.buffer)
  return Number.isFinite(number) ? number : 0.1
}

function value(random, depth = 0, texts = TEXTS) {
  const { pick, list } = random
  const kinds = [() => pick(texts), () => double(random), () => random.below(1e9), () => true, () => null]
  if (depth < 3) kinds.push(() => list(3, () => value(random, depth + 1, texts)), () => members(random, depth + 1, texts))
  return pick(kinds)()
}

// Keys that are whole numbers come first in JavaScript's objects, in whatever order they were written: there are none here.
/** JSON of a payload, in which some numbers have another form, and some objects a key twice: the last one counts. */
function json(value, random) {
  if (Array.isArray(value)) return `[${value.map((item) => json(item, random)).join(',')}]`
  if (typeof value === 'number') return random.below(2) === 0 ? random.pick(NUMBERS) : JSON.stringify(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const pairs = Object.entries(value).map(([name, member]) => [JSON.stringify(name), json(member, random)])
  if (pairs.length > 0 && random.below(4) === 0) pairs.unshift([random.pick(pairs)[0], random.pick(['null', '1', '"first"', '[2]', '{}'])])
  return `{${pairs.map((pair) => pair.join(':')).join(',')}}`
}

const members = (random, depth, texts) =>
  Object.fromEntries(random.list(4, () => [random.pick(['zebra', 'apple', 'mango', 'é', 'b']), value(random, depth, texts)]))

/** A record, with members of the names that such records have. */
function record(random) {
  const text = () => random.pick([...TEXTS, 7, -0.5, true, null])
  const known = {
    pageContent: text, tool: text, nodeId: text, status: () => random.pick(['FINISHED', 'PAUSED', 'ERROR']), chatId: text, id: text,
    metadata: () => members(random, 2), toolInput: () => value(random, 2), data: text, type: text, label: text,
    input_tokens: () => random.pick([3, '12', 1.5, null]), messages: () => random.list(3, text), new: () => value(random, 2),
    sourceDocuments: () => random.list(2, () => ({ pageContent: text() })),
  }
  return Object.fromEntries(random.list(5, () => random.pick(Object.keys(known))).map((name) => [name, known[name]()]))
}

function payload(name, random) {
  const { pick, list } = random
  if (pick([1, 2, 3, 4, 5, 6]) === 1) return value(random)
  if (/token|thinking|nextAgent$|tool$|error|agentFlowEvent|abort|end/.test(name)) return pick(TEXTS)
  if (/Documents|Tools|artifacts|Annotations|Reasoning|ExecutedData|start/.test(name)) {
    const odd = () => pick([7, null, 'odd', [1], true])
    // a long list with one odd element keeps all others
    if (random.below(20) === 0) {
      const long = Array.from({ length: 200 }, () => ({ tool: pick(TEXTS), pageContent: pick(TEXTS), nodeId: pick(TEXTS) }))
      long[random.below(long.length)] = odd()
      return long
    }
    return list(4, () => (pick([1, 2, 3, 4]) === 1 ? odd() : record(random)))
  }
  return record(random)
}

/** A frame in one of the forms that JSON has for it. */
function frame(random) {
  const name = random.pick(NAMES)
  const data = json(payload(name, random), random)
  switch (random.below(8)) {
    case 0:
      return `{ "event" : ${JSON.stringify(name)}, "data" : ${data} }`
    case 1:
      return `{"data":${data},"event":${JSON.stringify(name)}}`
    case 2:
      return `{"event":${JSON.stringify(name)},"data":${data},"duration":${random.pick(['2', '2.5', '"3"', 'null'])}}`
    case 3:
      return `{"event":${JSON.stringify(name)},"data":${random.pick(['[1}', '"\\x"', '{"a"}', '"', ''])}}`
    default:
      return `{"event":${JSON.stringify(name)},"data":${data}}`
  }
}

export function stream(random) {
  const block = () => `${random.pick(['message:\n', '', ':heartbeat\n\n'])}data:${frame(random)}\n\n`
  const end = 'message:\ndata:{"event":"end","data":"[DONE]"}\n\n'
  return random.list(14, block).join('') + end
}

/** The reply of a chatflow that does not stream. JavaScript writes half a character in a structured answer as an escape. */
export function reply(random) {
  const whole = TEXTS.filter((text) => text.isWellFormed())
  const text = random.pick([{}, { text: null }, { text: random.pick(whole) }, { text: 42 }, { text: true }])
  return json({ ...text, json: value(random, 0, whole), usedTools: random.list(2, () => record(random)), new: value(random, 2) }, random)
}
