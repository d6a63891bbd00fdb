// Flowise names no call of a tool, and tells of one several times: when the model asks for it (`calledTools`), when it has
// run (`usedTools`, which lists earlier calls again), in the data of an AgentFlow's nodes, and in the reply.

/** The calls of an answer, each of them once: what a list changes is returned as `{ call, isNew, result }`. */
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

  /** Calls that the model asks for. */
  begin(tools) {
    const taken = new Set()
    const changes = list(tools).map(({ tool, toolInput }) => this.#take(tool, toolInput, taken, [isOpen]))
    return changes.filter(({ isNew }) => isNew)
  }

  /** Calls that a person is to allow: those that an action names, or all that are open. */
  wait(calls) {
    const taken = new Set()
    const open = this.#known.filter(isOpen).map((call) => ({ call, isNew: false }))
    const changes = calls ? list(calls).map(({ name, args }) => this.#take(name, args, taken, [isOpen])) : open
    for (const { call } of changes) call.waits = true
    return changes
  }

  /** Calls that have run. */
  end(tools) {
    const taken = new Set()
    const changes = []
    for (const tool of list(tools)) {
      const result = resultOf(tool)
      const isSame = (call) => call.isDone && JSON.stringify(call.result) === JSON.stringify(result)
      const { call, isNew } = this.#take(tool.tool, tool.toolInput, taken, [isSame, isOpen])
      // an empty output of a call that nobody has allowed yet is none
      const isOver = !call.isDone && !(call.waits && result.output === '')
      if (isOver) Object.assign(call, { isDone: true, result })
      if (isNew || isOver) changes.push({ call, isNew, ...(isOver && { result }) })
    }
    return changes
  }

  /** Calls of which no output was told in an answer that is complete. */
  endAll() {
    const open = this.#known.filter((call) => !call.isDone && !call.waits)
    const result = { output: '' }
    for (const call of open) Object.assign(call, { isDone: true, result })
    return open.map((call) => ({ call, isNew: false, result }))
  }

  // Each list tells of a call once: equal entries of one list are several calls.
  #take(name, input, taken, fits) {
    const key = keyOf({ name, input })
    const found = fits.map((fit) => this.#known.find((call) => call.key === key && !taken.has(call) && fit(call))).find(Boolean)
    const call = found ?? { id: this.#newId(), name: String(name), input, key, isDone: false, waits: false }
    taken.add(call)
    if (!found) this.#known.push(call)
    return { call, isNew: !found }
  }
}

/** The tools that the nodes of an AgentFlow have used. */
export const toolsOf = (executed) => list(executed).flatMap(({ data }) => list(data?.output?.usedTools))

/** The objects in a list: teams send lists with holes. */
export const list = (value) => (Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [])

const isOpen = ({ isDone }) => !isDone

const keyOf = ({ name, input }) => JSON.stringify([name, input])

const resultOf = ({ toolOutput = null, error }) => (error ? { error: String(error) } : { output: toolOutput })
