// The question of a message: its text, its data, and the earlier messages as `history`.

import { FlowiseError } from '../core.js'

/** Returns the message that a page shows for a question. */
export const textOf = ({ question, form }) =>
  question || (form ? Object.entries(form).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('\n') : '')

/** Returns the question data of a message without a stored question. */
export function dataOf({ text, uploads, form }) {
  if (uploads?.some(({ data, type }) => data === undefined && type !== 'file:rag')) {
    throw new FlowiseError('the files of this question are not kept: ask it with its files', 'config')
  }
  const data = form ? { form } : { question: text }
  return uploads ? { ...data, uploads } : data
}

/** Returns messages in the form of Flowise's `history`. */
export const historyOf = (messages) =>
  messages
    .filter(({ text }) => text !== '')
    .map(({ role, text }) => ({ role: role === 'user' ? 'userMessage' : 'apiMessage', content: text }))

/** Returns whether two questions are the same. */
export function isSameQuestion(one, other) {
  if (one.files?.length || other.files?.length) return false
  try {
    return JSON.stringify(one) === JSON.stringify(other)
  } catch {
    return false
  }
}

/** The uploads of a question before its files are uploaded. */
export const toldUploads = ({ uploads = [], files = [] }) => [...uploads, ...files.map(({ name, type }) => ({ type: 'file', name, mime: type }))]

/** Returns the title of a conversation, from its first question. */
export const titleOf = (messages) => (messages.find(({ role }) => role === 'user')?.text ?? '').replace(/\s+/g, ' ').trim().slice(0, 80)

/** Returns whether an answer was lost, so that the server may have more of it. */
export const isLost = ({ finishReason, error }) => finishReason === 'interrupted' || error?.code === 'interrupted'
