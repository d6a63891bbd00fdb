import { resumption } from '../store/resume.js'

/** The name of the tool that stands for a person's decision, where a flow asks for one and no tool waits for it. */
export const HUMAN_INPUT = 'humanInput'

/** What waits for an action's decision: `tools`, the calls that it names; or an agent's own; or only the person. */
export function waitsFor({ mapping, data }) {
  if (mapping?.toolCalls?.length > 0) return { tools: mapping.toolCalls }
  return { isAgent: /^agentAgentflow/.test(data?.nodeId) }
}

/** The decision that a person is asked for, as the input of a tool. */
export const decisionOf = ({ data, mapping = {} }) => ({ node: data?.nodeLabel, approve: mapping.approve, reject: mapping.reject })

/**
 * The answer to the approvals of a message, if all that it asks for were given: the body that resumes the flow, and the
 * calls that waited.
 */
export function approvalIn(message) {
  const parts = message?.role === 'assistant' ? message.parts : []
  const answered = parts.filter(({ state, approval }) => state === 'approval-responded' && approval)
  const action = answered.length > 0 && parts.findLast(({ type, data }) => type === 'data-flowise-action' && data?.id === answered[0].approval.id)
  if (!action) return undefined
  const { approved, reason } = answered[0].approval
  const calls = answered.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, input }))
  return { body: resumption(action.data, approved ? 'proceed' : 'reject', reason ?? ''), calls, approved, reason }
}
