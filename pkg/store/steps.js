// The steps of agents. Flowise has two kinds of steps in five events; the page gets one list.

import { inWords, listOf } from './shape.js'

const STATUS = {
  INPROGRESS: 'running',
  FINISHED: 'done',
  STOPPED: 'waiting',
  ERROR: 'failed',
  TERMINATED: 'stopped',
  TIMEOUT: 'failed',
}

const label = (...names) => inWords(names.find((name) => name !== undefined && name !== null && name !== ''))

const present = (list) => (Array.isArray(list) ? list.flat().filter(Boolean) : [])

/** Multi-agent and sequential flows send all steps so far each time. */
export function fromReasoning(steps, reasoning) {
  const done = listOf(reasoning).map((step, index) => ({
    key: `reasoning-${index}`,
    label: label(step.agentName, step.nodeName, 'Agent'),
    kind: step.next ? 'supervisor' : 'agent',
    status: 'done',
    instructions: inWords(step.instructions),
    next: inWords(step.next),
    text: present(step.messages).map(inWords).join('\n\n'),
    artifacts: present(step.artifacts),
    tools: present(step.usedTools),
    sources: present(step.sourceDocuments),
  }))
  const known = steps.filter(({ key }) => key.startsWith('reasoning-'))
  // An announced agent is running until its own step arrives.
  const announced = steps.filter(({ status }) => status === 'running')
  return done.length > known.length ? done : [...done, ...announced]
}

/** A multi-agent flow announces the next agent. */
export function fromNextAgent(steps, name) {
  return [...steps.filter(({ status }) => status !== 'running'), { key: `next-${steps.length}`, label: inWords(name), status: 'running' }]
}

/** An AgentFlow reports when it enters and leaves a node. Loops enter a node several times. */
export function fromNextNode(steps, node) {
  if (!node?.nodeId) return steps
  const status = STATUS[node.status] ?? 'running'
  const at = steps.findLastIndex((step) => step.nodeId === node.nodeId && step.status === 'running')
  const step = { ...steps[at], status }
  if (node.error !== undefined) step.error = inWords(node.error)
  if (at >= 0) return steps.map((known, index) => (index === at ? step : known))
  const visits = steps.filter(({ nodeId }) => nodeId === node.nodeId).length
  if (status !== 'running' && visits > 0) return steps
  return [...steps, { ...step, key: `${node.nodeId}#${visits}`, nodeId: node.nodeId, label: label(node.nodeLabel, node.nodeId) }]
}

/** At its end, an AgentFlow sends all nodes that ran, in order, with input and output. */
export function fromExecutedData(steps, executed) {
  const visits = new Map()
  const told = new Map(steps.map((step) => [step.key, step]))
  const done = listOf(executed).map(({ nodeId, nodeLabel, status, data }) => {
    const visit = visits.get(nodeId) ?? 0
    visits.set(nodeId, visit + 1)
    const key = `${nodeId}#${visit}`
    const { name, input, output, error } = data ?? {}
    const known = told.get(key)
    told.delete(key)
    const step = {
      ...known,
      key,
      nodeId,
      label: label(nodeLabel, nodeId),
      kind: inWords(name).replace(/Agentflow$/, ''),
      status: STATUS[status] ?? 'done',
      input,
      output,
      tools: present(output?.usedTools),
    }
    if (error !== undefined) step.error = inWords(error)
    const ms = output?.timeMetadata?.delta
    if (typeof ms === 'number') step.seconds = ms / 1000
    return step
  })
  // The remaining steps began later.
  return [...done, ...told.values()]
}

/** The steps of an answer that has ended: none is running. */
export const settled = (steps, isDone) =>
  steps.map((step) => (step.status === 'running' ? { ...step, status: isDone ? 'done' : 'stopped' } : step))
