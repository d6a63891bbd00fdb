// A conversation as text for the storage: versioned, bounded, without keys, files or pictures.

import { parse } from './shape.js'

const VERSION = 1
// Bounds, in characters. A browser stores about five million per site.
const MOST_OF_STRING = 100_000
const MOST_OF_RECORD = 500_000
const MOST_MESSAGES = 200

// Members that follow from others, or are large and not needed later.
const LEFT_OUT = new Set(['agentFlowExecutedData', 'nodes', 'agentReasoning', 'nextAgent'])
// Members that a message needs.
const NEEDED = ['id', 'role', 'text', 'createdAt', 'form', 'finishReason', 'error', 'action', 'decision', 'chatMessageId', 'chatId', 'sessionId']

/** Text for storage. */
export function toText(record) {
  const messages = record.messages.slice(-MOST_MESSAGES).map(kept)
  const text = () => JSON.stringify({ version: VERSION, ...record, messages }, withoutFiles)
  // The oldest are shortened first, then left out.
  for (let at = 0; at < messages.length && text().length > MOST_OF_RECORD; at++) messages[at] = only(messages[at], NEEDED)
  while (messages.length > 1 && text().length > MOST_OF_RECORD) messages.shift()
  return text()
}

/** Parses such a text; `undefined` if it is damaged or of another kind. */
export function fromText(text) {
  const record = typeof text === 'string' ? parse(text) : undefined
  if (record?.version !== VERSION || !Array.isArray(record.messages)) return undefined
  const isMessage = (message) => typeof message?.id === 'string' && typeof message.text === 'string' && /^(user|assistant)$/.test(message.role)
  return { ...record, messages: record.messages.filter(isMessage).map(Object.freeze) }
}

/** The list of conversations as text, and back. */
export const indexToText = (index) => JSON.stringify({ version: VERSION, ...index })

export function indexFromText(text) {
  const index = typeof text === 'string' ? parse(text) : undefined
  if (index?.version !== VERSION || !Array.isArray(index.chats)) return { chats: [], imported: [] }
  const isEntry = (entry) => typeof entry?.id === 'string' && typeof entry.title === 'string' && typeof entry.updatedAt === 'number'
  return { chats: index.chats.filter(isEntry), open: index.open, imported: Array.isArray(index.imported) ? index.imported : [] }
}

const only = (message, members) => Object.fromEntries(members.filter((name) => message[name] !== undefined).map((name) => [name, message[name]]))

function kept(message) {
  const rest = Object.fromEntries(Object.entries(message).filter(([name]) => !LEFT_OUT.has(name)))
  if (message.uploads) rest.uploads = message.uploads.map((upload) => only(upload, upload.type === 'url' ? ['type', 'name', 'mime', 'data'] : ['type', 'name', 'mime']))
  return rest
}

// A thousand characters without a blank mean a file in Base64. The limit matters: engines match long texts recursively.
const IS_FILE = /^(data|blob):|^[A-Za-z0-9+/]{1000}/

function withoutFiles(name, value) {
  if (typeof value !== 'string') return value
  if (IS_FILE.test(value.slice(0, 1000))) return ''
  return value.length > MOST_OF_STRING ? `${value.slice(0, MOST_OF_STRING)}...` : value
}
