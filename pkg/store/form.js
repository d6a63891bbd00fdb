// The form that an AgentFlow begins with.

import { listOf, parse } from './shape.js'

/** The form that an AgentFlow begins with, from the chatbot configuration; `undefined` for a flow without one. */
export function startFormOf(config) {
  const flow = typeof config?.flowData === 'string' ? parse(config.flowData) : config?.flowData
  const start = listOf(flow?.nodes).find(({ data }) => data?.name === 'startAgentflow')?.data?.inputs
  if (start?.startInputType !== 'formInput') return undefined
  const fields = listOf(start.formInputTypes).flatMap(({ type, label, name, addOptions }) => {
    if (typeof name !== 'string' || name === '') return []
    const field = { name, label: label || name, type: type || 'string' }
    if (type === 'options') field.options = listOf(addOptions).map(({ option }) => option).filter((option) => typeof option === 'string')
    return [field]
  })
  return { title: start.formTitle || '', description: start.formDescription || '', fields }
}
