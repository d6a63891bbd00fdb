/**
 * The steps of agents: both of Flowise's kinds as one list, `{ key, label, kind, status, … }` with the status `running`,
 * `done`, `waiting`, `stopped` or `failed`.
 */

import { inWords } from '../parts/inWords.js'

const STATUS = {
  INPROGRESS: 'running',
  FINISHED: 'done',
  STOPPED: 'waiting',
  ERROR: 'failed',
  TERMINATED: 'stopped',
  TIMEOUT: 'failed',
}

const name = (...values) => inWords(values.find((value) => value !== undefined && value !== null))

const present = (list) => (Array.isArray(list) ? list.flat().filter(Boolean) : [])

/** Teams and sequences send all their steps so far each time. */
export function fromReasoning(steps, reasoning) {
  const done = reasoning.map((step, index) => ({
    key: `reasoning-${index}`,
    label: name(step.agentName, step.nodeName, 'Agent'),
    kind: step.next ? 'supervisor' : 'agent',
    status: 'done',
    instructions: inWords(step.instructions),
    next: inWords(step.next),
    text: present(step.messages).map(inWords).join('\n\n'),
    artifacts: present(step.artifacts),
    tools: present(step.usedTools),
    sources: present(step.sourceDocuments),
  }))
  const known = steps.filter((step) => step.key.startsWith('reasoning-'))
  // The agent that was announced is at work until its own step comes.
  const announced = steps.filter((step) => step.status === 'running')
  return done.length > known.length ? done : [...done, ...announced]
}

/** An AgentFlow tells when it enters and when it leaves a node. */
export function fromNextNode(steps, node) {
  if (!node?.nodeId) return steps
  const status = STATUS[node.status] ?? 'running'
  const at = steps.findLastIndex((step) => step.nodeId === node.nodeId && step.status === 'running')
  if (at >= 0) return steps.with(at, { ...steps[at], status, error: node.error })
  if (status !== 'running' && steps.some((step) => step.nodeId === node.nodeId)) return steps
  const visit = steps.filter((step) => step.nodeId === node.nodeId).length
  return [
    ...steps,
    { key: `${node.nodeId}#${visit}`, nodeId: node.nodeId, label: name(node.nodeLabel, node.nodeId), status, error: node.error },
  ]
}

/** An AgentFlow sends all nodes that it has run so far, in their order, with what went in and what came out. */
export function fromExecutedData(steps, executed) {
  const visits = new Map()
  const told = new Map(steps.map((step) => [step.key, step]))
  const done = executed.map((node) => {
    const visit = visits.get(node.nodeId) ?? 0
    visits.set(node.nodeId, visit + 1)
    const key = `${node.nodeId}#${visit}`
    const data = node.data ?? {}
    const known = told.get(key)
    told.delete(key)
    return {
      ...known,
      key,
      nodeId: node.nodeId,
      label: name(node.nodeLabel, node.nodeId),
      kind: String(data.name ?? '').replace(/Agentflow$/, ''),
      status: STATUS[node.status] ?? 'done',
      input: data.input,
      output: data.output,
      error: data.error,
      tools: present(data.output?.usedTools),
      seconds: data.output?.timeMetadata?.delta === undefined ? undefined : data.output.timeMetadata.delta / 1000,
    }
  })
  // What is left has begun since.
  return [...done, ...told.values()]
}
