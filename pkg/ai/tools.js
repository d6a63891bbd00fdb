// Flowise gives tool calls no ids and reports each several times: when the model requests it (`calledTools`), when it has run
// (`usedTools`, which repeats earlier calls), in the data of an AgentFlow's nodes, and in the reply.

import { listOf } from '../store/shape.js'

/** The calls of an answer, each once. Its methods return the changes by a list as `{ call, isNew, result }`. */
export class ToolCalls {
  #known
  #newId

  /**
   * @param {() => string} newId
   * @param {{ id: string, name: string, input: unknown }[]} [begun] calls of an earlier answer that this one goes on with
   */
  constructor(newId, begun = []) {
    this.#newId = newId
    this.#known = begun.map((call) => ({ ...call, key: keyOf(call), isDone: false, waits: false }))
  }

  get hasOpen() {
    return this.#known.some(({ isDone }) => !isDone)
  }

  /** Calls that the model requests. */
  begin(tools) {
    const taken = new Set()
    const changes = listOf(tools).map(({ tool, toolInput }) => this.#take(tool, toolInput, taken, [isOpen]))
    return changes.filter(({ isNew }) => isNew)
  }

  /** Calls that a person must approve: those that an action names, or all open ones. */
  wait(calls) {
    const taken = new Set()
    const open = this.#known.filter(isOpen).map((call) => ({ call, isNew: false }))
    const changes = calls ? listOf(calls).map(({ name, args }) => this.#take(name, args, taken, [isOpen])) : open
    for (const { call } of changes) call.waits = true
    return changes
  }

  /** Calls that have run. */
  end(tools) {
    const taken = new Set()
    const changes = []
    for (const tool of listOf(tools)) {
      const result = resultOf(tool)
      const isSame = (call) => call.isDone && JSON.stringify(call.result) === JSON.stringify(result)
      const { call, isNew } = this.#take(tool.tool, tool.toolInput, taken, [isSame, isOpen])
      // an empty output of a call that is not approved yet does not count
      const isOver = !call.isDone && !(call.waits && result.output === '')
      if (isOver) Object.assign(call, { isDone: true, result })
      if (isNew || isOver) changes.push({ call, isNew, ...(isOver && { result }) })
    }
    return changes
  }

  /** Calls without an output in a complete answer. */
  endAll() {
    const open = this.#known.filter((call) => !call.isDone && !call.waits)
    const result = { output: '' }
    for (const call of open) Object.assign(call, { isDone: true, result })
    return open.map((call) => ({ call, isNew: false, result }))
  }

  // Each list contains a call once: equal entries of one list are several calls.
  #take(name, input, taken, fits) {
    const key = keyOf({ name, input })
    const found = fits.map((fit) => this.#known.find((call) => call.key === key && !taken.has(call) && fit(call))).find(Boolean)
    const call = found ?? { id: this.#newId(), name: String(name), input, key, isDone: false, waits: false }
    taken.add(call)
    if (!found) this.#known.push(call)
    return { call, isNew: !found }
  }
}

/** The tools that the nodes of an AgentFlow used. */
export const toolsOf = (executed) => listOf(executed).flatMap(({ data }) => listOf(data?.output?.usedTools))

const isOpen = ({ isDone }) => !isDone

const keyOf = ({ name, input }) => JSON.stringify([name, input])

const resultOf = ({ toolOutput = null, error }) => (error ? { error: String(error) } : { output: toolOutput })
