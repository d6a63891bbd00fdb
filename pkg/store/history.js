// The server's history of a conversation, in which a lost answer may be finished.

import { fetchOf, requestOf } from '../core.js'
import { LISTS, actionOf, listOf, parse } from './shape.js'

// A run that the page lost may take seconds or minutes more.
const PAUSES_MS = [0, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 60_000]

/**
 * Returns the finished answer from the server's history, as members of a message; `undefined` if it did not appear. `ask` returns
 * the messages of the conversation, and is called repeatedly while `isWanted`. `known` is the id of the last answer that the page
 * has: the same question may have been asked before.
 */
export async function finishedAnswer({ ask, question, known, isWanted }) {
  for (const pause of PAUSES_MS) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    if (!isWanted()) return undefined
    try {
      const rows = listOf(await ask())
      const answer = answerTo(question, rows.slice(rows.findLastIndex(({ id }) => id && id === known) + 1))
      if (answer) return answer
    } catch {
      // The next attempt may succeed.
    }
  }
  return undefined
}

/** Asks Flowise for the messages of a conversation. Needs an API key of the server. */
export async function askHistory(options, { chatId, signal }) {
  const { url, chatflowId } = options
  // Keeps the query of the URL, which a gateway may need in every request.
  const [, place, search = ''] = /^([^?#]*)\??([^#]*)/.exec(String(url ?? ''))
  const [, base, id] = /^(.*?)\/api\/v1\/prediction\/([^/]+)/.exec(place) ?? [undefined, place, encodeURIComponent(chatflowId)]
  const query = new URLSearchParams(search)
  query.set('chatId', chatId)
  query.set('order', 'ASC')
  const request = { method: 'GET', content: 'nothing', url: `${base.replace(/\/+$/, '')}/api/v1/chatmessage/${id}?${query}` }
  const response = await fetchOf(options)(...(await requestOf({ options }, request, signal)))
  return response.ok ? response.json() : []
}

function answerTo(question, rows) {
  const at = rows.findLastIndex(({ role, content }) => role === 'userMessage' && content === question)
  const row = at < 0 ? undefined : rows.slice(at + 1).find(({ role, content }) => role === 'apiMessage' && typeof content === 'string')
  if (!row) return undefined
  const answer = { text: row.content, finishReason: 'stop', streamed: false }
  for (const name of ['chatId', 'sessionId']) if (row[name]) answer[name] = row[name]
  if (row.id) answer.chatMessageId = row.id
  for (const name of LISTS) if (listOf(row[name]).length > 0) answer[name] = listOf(row[name])
  const action = actionOf(row.action)
  if (action) answer.action = action
  const prompts = typeof row.followUpPrompts === 'string' ? parse(row.followUpPrompts) : row.followUpPrompts
  if (Array.isArray(prompts)) answer.followUpPrompts = prompts.filter((prompt) => typeof prompt === 'string')
  return answer
}
