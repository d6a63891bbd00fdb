// The approvals of tools in a message, as the answer that the flow waits for.

import { resumption } from '../store/resume.js'

/** The name of the tool that stands for a person's decision if no tool waits for it. */
export const HUMAN_INPUT = 'humanInput'

/**
 * Returns the answer to the approvals of a message, if it has one: the body that resumes the flow, the calls that waited, and the
 * calls that run now.
 */
export function approvalIn(message) {
  const parts = message?.role === 'assistant' ? message.parts : []
  const answered = parts.filter(({ state, approval }) => state === 'approval-responded' && approval)
  const action = answered.length > 0 && parts.findLast(({ type, data }) => type === 'data-flowise-action' && data?.id === answered[0].approval.id)
  if (!action) return undefined
  const { approved, reason } = answered[0].approval
  const calls = answered.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, input }))
  const allowed = approved ? calls.filter(({ name }) => name !== HUMAN_INPUT) : []
  return { body: resumption(action.data, approved ? 'proceed' : 'reject', reason ?? ''), calls, allowed, approved, reason }
}
