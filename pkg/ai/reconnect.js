// Answers that a page has lost: they are recorded while they run, and completed from the server's history after a reload.

import { askHistory, finishedAnswer } from '../store/history.js'
import { parse } from '../store/shape.js'
import { AnswerReader } from './answer.js'
import { ChunkWriter } from './chunks.js'
import { Queue } from './queue.js'

const keyOf = (chatId) => `flowise-stream/ai/${chatId}`

// A full, forbidden or damaged storage stores nothing and causes no errors.
async function tried(action) {
  try {
    return await action()
  } catch {
    return undefined
  }
}

/**
 * Records an answer in the storage until it has ended. A record that stays is an answer that the page lost: the page closed, or
 * the connection broke.
 */
export async function note(storage, { chatId, messages }, { stream, question, messageId }) {
  // The answer to a decision has no question of its own to find it by in the history.
  if (!question) return
  const known = messages.findLast(({ metadata }) => metadata?.chatMessageId)?.metadata.chatMessageId
  const forget = () => tried(() => storage.removeItem(keyOf(chatId)))
  const noted = tried(() => storage.setItem(keyOf(chatId), JSON.stringify({ chatId: stream.chatId, question, messageId, known })))
  const isLost = await stream.result.then(
    () => false,
    ({ code }) => code === 'interrupted',
  )
  await noted
  if (!isLost) await forget()
}

/** Returns the recorded answer as a stream that waits until the server's history has it; `null` without a record. */
export async function lostAnswer({ storage, history, ...options }, { chatId, abortSignal }, newId) {
  const lost = storage && history && parse(await tried(() => storage.getItem(keyOf(chatId))))
  if (!lost?.question) return null
  const leave = new AbortController()
  const stop = () => {
    leave.abort()
    out.close()
  }
  const out = new Queue(stop)
  abortSignal?.addEventListener('abort', stop)
  if (abortSignal?.aborted) stop()

  const asked = { chatId: lost.chatId ?? chatId, signal: leave.signal }
  const ask = () => (history === true ? askHistory(options, asked) : history(asked))
  finishedAnswer({ ask, question: lost.question, known: lost.known, isWanted: () => !leave.signal.aborted }).then(async (answer) => {
    abortSignal?.removeEventListener('abort', stop)
    if (leave.signal.aborted) return
    await tried(() => storage.removeItem(keyOf(chatId)))
    if (!answer) return out.close()
    const writer = new ChunkWriter({ out, options, newId, messageId: lost.messageId })
    new AnswerReader({ stream: { on() {}, result: Promise.resolve({ chatId, ...answer }) }, writer, newId })
  })
  return new ReadableStream(out, { highWaterMark: 0 })
}
