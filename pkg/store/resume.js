/** Returns the answer to an `action`: `action` itself for a sequential agent, `humanInput` for an AgentFlow v2. */
export function resumption(action, decision, feedback = '') {
  const { approve, reject } = action.mapping ?? {}
  const isAgentFlow = action.data?.nodeId !== undefined || action.elements?.some?.((button) => String(button?.type).startsWith('agentflowv2-'))
  if (!isAgentFlow) return { question: decision === 'proceed' ? approve || 'Yes' : reject || 'No', action }
  const humanInput = { type: decision, feedback }
  if (action.data?.nodeId !== undefined) humanInput.startNodeId = action.data.nodeId
  return { question: '', humanInput }
}
