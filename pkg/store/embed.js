// The conversation that flowise-embed has stored for the same chatflow.

import { uuid } from '../core.js'
import { LISTS, actionOf, listOf, parse } from './shape.js'

/** The key under which flowise-embed stores the chat of a flow. */
export const embedKey = (chatflowId) => `${chatflowId}_EXTERNAL`

/** Returns the conversation in such an entry; `undefined` if it has none. */
export function fromEmbed(text) {
  const { chatId, chatHistory } = (typeof text === 'string' && parse(text)) || {}
  const messages = listOf(chatHistory).flatMap(messageOf)
  if (typeof chatId !== 'string' || !messages.some(({ role }) => role === 'user')) return undefined
  return { id: uuid(), chatId, messages }
}

const ROLES = { userMessage: 'user', apiMessage: 'assistant' }

function messageOf(entry) {
  const { type, message, messageId, dateTime, fileUploads, action } = entry
  const role = ROLES[type]
  if (!role || typeof message !== 'string' || message === '') return []
  const made = { id: uuid(), role, text: message, createdAt: Date.parse(dateTime) || Date.now() }
  if (role === 'assistant') made.finishReason = 'stop'
  if (typeof messageId === 'string') made.chatMessageId = messageId
  if (listOf(fileUploads).length > 0) made.uploads = listOf(fileUploads).map(({ type, name, mime }) => ({ type, name, mime }))
  for (const name of LISTS) if (listOf(entry[name]).length > 0) made[name] = listOf(entry[name])
  if (action) made.action = actionOf(action)
  return [made]
}
