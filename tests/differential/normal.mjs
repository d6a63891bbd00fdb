// Normalises the events and answers of both APIs: the Rust API has types, JavaScript receives the server's own values.

const LISTS = /^(sourceDocuments|usedTools|calledTools|artifacts|fileAnnotations|agentReasoning|agentFlowExecutedData|start)$/
const RECORDS = /^(nextAgentFlow|action|agent_trace|usageMetadata|tts_start|tts_data|tts_end|metadata|executionEnd)$/
const NAMED = /^(token|thinking|nextAgent|tool|agentFlowEvent)$/
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value)

/** Without what is empty, which the one API leaves out and the other passes on; a number is as good as its digits. */
export function essence(value) {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(essence)
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => [name.toWellFormed(), essence(member)])
    return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)))
  }
  return value === null ? '' : String(value).toWellFormed()
}

const isEmpty = (value) => value === '' || (typeof value === 'object' && Object.keys(value).length === 0)

function known(name, data) {
  if (LISTS.test(name)) {
    const list = Array.isArray(data) ? data.filter((item) => item !== null) : data === null ? [] : [data]
    const fitting = list.filter(isObject)
    if (fitting.length > 0 || list.length === 0) return fitting
  }
  if (name === 'error') return isObject(data) && typeof data.message === 'string' ? data.message : data === null ? '' : text(data)
  return data
}

const text = (data) => (typeof data === 'string' ? data : JSON.stringify(data))

function parsed(name, data) {
  if (typeof data !== 'string' || !(LISTS.test(name) || RECORDS.test(name))) return data
  try {
    const inner = JSON.parse(data)
    return isObject(inner) || Array.isArray(inner) ? inner : data
  } catch {
    return data
  }
}

/** An event of JavaScript's, as what it says. */
export function saying(name, data = null, extra = {}) {
  if (/^(end|abort|tts_abort)$/.test(name)) return { event: name }
  const its = known(name, name === 'start' && typeof data === 'string' ? data : parsed(name, data))
  const isUnknown = !NAMED.test(name) && !LISTS.test(name) && !RECORDS.test(name) && name !== 'error'
  const duration = name === 'thinking' && typeof data === 'string' && Number(extra.duration ?? -1) >= 0
  const more = isUnknown ? extra : duration ? { duration: Number(extra.duration) } : {}
  return { event: name, data: essence(its), ...essence(more) }
}

/** Joins the halves of a character that came in two events of a kind, as a page's string does. */
export function joining() {
  const waiting = { token: '', thinking: '' }
  return (name, data, extra) => {
    if (name === 'end') {
      const left = ['thinking', 'token'].filter((kind) => waiting[kind] !== '').map((kind) => [kind, '\ufffd'])
      waiting.token = waiting.thinking = ''
      return [...left, [name, data, extra]]
    }
    if (!Object.hasOwn(waiting, name) || typeof data !== 'string' || data === '') return [[name, data, extra]]
    const whole = waiting[name] + data
    waiting[name] = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? ''
    return [[name, whole.slice(0, whole.length - waiting[name].length), extra]]
  }
}
