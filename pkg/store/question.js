import { FlowiseError } from '../core.js'

/** What a page shows of a question. */
export const textOf = ({ question, form }) =>
  question || (form ? Object.entries(form).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('\n') : '')

/** What was asked with a message of which only this is known. */
export function dataOf({ text, uploads, form }) {
  if (uploads?.some(({ data, type }) => data === undefined && type !== 'file:rag')) {
    throw new FlowiseError('the files of this question are not kept: ask it with its files', 'config')
  }
  const data = form ? { form } : { question: text }
  return uploads ? { ...data, uploads } : data
}

/** Messages as Flowise takes them for what was said before. */
export const historyOf = (messages) =>
  messages
    .filter(({ text }) => text !== '')
    .map(({ role, text }) => ({ role: role === 'user' ? 'userMessage' : 'apiMessage', content: text }))

/** Whether two questions are the same one, asked twice. */
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

/** What a conversation is called, by its first question. */
export const titleOf = (messages) => (messages.find(({ role }) => role === 'user')?.text ?? '').replace(/\s+/g, ' ').trim().slice(0, 80)

/** Whether an answer was lost on its way, so that the server may have more of it. */
export const isLost = ({ finishReason, error }) => finishReason === 'interrupted' || error?.code === 'interrupted'
