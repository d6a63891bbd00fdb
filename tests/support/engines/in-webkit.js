/**
 * Functions for WebKit's pages that replace what its driver lacks: concurrent work, values beyond JSON, elements by what a person
 * sees, and uncaught errors. They are sent to the page as text, so each contains everything that it needs.
 */

/** Serializes a value. JSON has neither `undefined` nor NaN and Infinity; elements become `undefined`, since they contain cycles. */
export function pack(value) {
  return JSON.stringify(value, (_, one) => {
    if (one === undefined || globalThis.Node?.prototype.isPrototypeOf(one)) return { $undefined: true }
    return typeof one === 'number' && !Number.isFinite(one) ? { $number: String(one) } : one
  })
}

/** Reads a value that `pack` has serialized. */
export function unpack(text) {
  const made = (value) => {
    if (Array.isArray(value)) return value.map(made)
    if (!value || typeof value !== 'object') return value
    if ('$undefined' in value) return undefined
    if ('$number' in value) return Number(value.$number)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, made(one)]))
  }
  return made(JSON.parse(text))
}

/** Makes `window[Symbol.for('driver')]`. */
function install(pack, unpack) {
  const key = Symbol.for('driver')
  if (window[key]) return
  const problems = []
  const calls = new Map()
  const said = (error) => (error instanceof Error ? `${error}\n${error.stack}` : String(error))
  addEventListener('error', ({ error, message, target }) => target === window && problems.push(error ? said(error) : message))
  addEventListener('unhandledrejection', ({ reason }) => problems.push(said(reason)))
  const log = console.error
  console.error = (...args) => {
    problems.push(`console.error: ${args.map(said).join(' ')}`)
    log.apply(console, args)
  }

  /** Starts work; `look` returns its outcome. */
  const begin = (id, work) => {
    calls.set(id, { pending: true })
    const settle = (outcome) => calls.set(id, outcome)
    Promise.resolve()
      .then(work)
      .then(pack)
      .then((value) => settle({ value }), (error) => settle({ error: said(error) }))
  }

  /** The outcome of the work if it has settled, and the problems since the last look. */
  const look = (id) => {
    const outcome = calls.get(id)
    if (!outcome?.pending) calls.delete(id)
    return { ...outcome, problems: problems.splice(0) }
  }

  /** The elements that steps such as `['css', 'button']`, `['name', 'Stop']` and `['nth', 0]` lead to. */
  const find = (steps) => {
    const textOf = (element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim()
    const nameOf = (element) => element.ariaLabel ?? (element.labels?.length ? textOf(element.labels[0]) : textOf(element))
    const fits = (text, { wanted, exact }) => (exact ? text === wanted : text.toLowerCase().includes(wanted.toLowerCase()))
    const take = {
      css: (all, selector) => [...new Set(all.flatMap((one) => [...one.querySelectorAll(selector)]))],
      // the innermost elements with the text
      text: (all, text) => {
        const with_ = take.css(all, '*').filter((one) => !/^(script|style)$/i.test(one.localName) && fits(textOf(one), text))
        return with_.filter((one) => !with_.some((other) => one !== other && one.contains(other)))
      },
      name: (all, text) => all.filter((one) => fits(nameOf(one), text)),
      hasText: (all, text) => all.filter((one) => fits(textOf(one), text)),
      matches: (all, selector) => all.filter((one) => one.matches(selector)),
      nth: (all, index) => (all[index] ? [all[index]] : []),
    }
    return steps.reduce((all, [kind, value]) => take[kind](all, value), [document])
  }

  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
  Object.defineProperty(window, key, { value: { begin, find, isVisible, look, unpack } })
}

/** The script that prepares a page. It may run twice, and should run before what the page does. */
export const PREPARE = `;(${install})(${pack}, ${unpack});\n`

/** Waits until an element is there, in one of Playwright's states. Runs in the page. */
export async function untilElement({ steps, state, limit }) {
  const { find, isVisible } = window[Symbol.for('driver')]
  const holds = () => {
    const [element] = find(steps)
    if (state === 'attached') return element
    return state === 'hidden' ? !element || !isVisible(element) : element && isVisible(element)
  }
  for (const end = performance.now() + limit; !holds(); ) {
    if (performance.now() > end) throw new Error(`no such element is ${state}: ${JSON.stringify(steps)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
