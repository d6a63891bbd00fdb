// The question in the input of an AG-UI run.

import { FlowiseError } from '../core.js'
import { resumption } from '../store/resume.js'

// The members of a question that a page may pass with a run.
const FORWARDED = ['overrideConfig', 'uploads', 'history', 'leadEmail', 'form']

/**
 * Returns the body of the prediction for a run: it sends the person's last message, or answers the interrupts of the previous run.
 *
 * @throws {FlowiseError} `config`: there is nothing to ask, or the answer is to an unknown interrupt
 */
export function questionOf({ threadId, messages = [], resume = [], forwardedProps }, waiting, always) {
  const forwarded = Object.fromEntries(Object.entries(forwardedProps ?? {}).filter(([name]) => FORWARDED.includes(name)))
  const further = { ...always, ...forwarded, chatId: threadId }
  if (resume.length > 0) return resumed(resume[0], waiting, further)
  const last = messages.at(-1)
  if (last?.role !== 'user' && further.form === undefined) {
    throw new FlowiseError("the last message is not the person's: send a message before running the agent", 'config')
  }
  const parts = typeof last?.content === 'string' ? [{ type: 'text', text: last.content }] : (last?.content ?? [])
  const question = parts.filter(({ type }) => type === 'text').map(({ text }) => text).join('')
  const uploads = parts.filter(({ source }) => source?.type === 'data' || source?.type === 'url').map(uploadOf)
  return { data: { question, ...(uploads.length > 0 && { uploads }), ...further } }
}

// After a reload, the page passes the interrupt's `metadata`.
function resumed({ interruptId, status, payload, metadata }, waiting, further) {
  const { action, calls } = waiting.get(interruptId) ?? metadata?.flowise ?? {}
  if (!action) throw new FlowiseError(`nothing waits for the answer to the interrupt ${interruptId}: give its metadata back with it`, 'config')
  waiting.delete(interruptId)
  const answer = typeof payload === 'object' && payload !== null ? payload : { approved: payload === true || payload === 'proceed' }
  const isApproved = status === 'resolved' && answer.approved === true
  const data = { ...resumption(action, isApproved ? 'proceed' : 'reject', answer.feedback ?? ''), ...further }
  return { data, allowed: isApproved ? calls : [] }
}

function uploadOf({ type, source: { type: kind, value, mimeType = 'application/octet-stream' }, metadata }) {
  const name = metadata?.filename ?? type
  if (kind === 'url') return { type: 'url', name, mime: mimeType, data: value }
  const data = value.startsWith('data:') ? value : `data:${mimeType};base64,${value}`
  return { type: mimeType.startsWith('audio/') ? 'audio' : 'file', name, mime: mimeType, data }
}
