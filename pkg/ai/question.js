// The question in the messages of `useChat`.

import { FlowiseError } from '../core.js'
import { approvalIn } from './approval.js'

/**
 * Returns the body of the prediction for `useChat`: it sends the person's last message, or answers the approvals of a message.
 *
 * @throws {FlowiseError} `config`: there is nothing new to ask; a question is asked again only if the page requests it
 */
export function questionOf({ trigger, messageId, messages }, further) {
  const last = messages.at(-1)
  const asked = (messageId !== undefined && messages.findLast(({ id }) => id === messageId)) || last
  const resumed = trigger === 'submit-message' ? approvalIn(asked) : undefined
  if (resumed) return { data: { ...resumed.body, ...further }, resumed }
  const isNew = last?.role === 'user' || ['question', 'form', 'action', 'humanInput'].some((member) => further[member] !== undefined)
  if (!isNew) throw new FlowiseError('the last message is an answer, so there is nothing to ask: send a message, or answer its approvals', 'config')
  return { data: bodyOf(last?.role === 'user' ? last : { parts: [] }, further) }
}

function bodyOf({ parts }, further) {
  const question = parts.filter(({ type }) => type === 'text').map(({ text }) => text).join('')
  const uploads = parts.filter(({ type }) => type === 'file').map(uploadOf)
  return { question, ...(uploads.length > 0 && { uploads }), ...further }
}

function uploadOf({ url, mediaType, filename }) {
  const type = !url.startsWith('data:') ? 'url' : mediaType.startsWith('audio/') ? 'audio' : 'file'
  return { type, name: filename ?? 'file', mime: mediaType, data: url }
}
