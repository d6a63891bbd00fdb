import { askHistory, finishedAnswer } from '../store/history.js'
import { parse } from '../store/shape.js'
import { AnswerReader } from './answer.js'
import { ChunkWriter } from './chunks.js'
import { Queue } from './queue.js'

const keyOf = (chatId) => `flowise-stream/ai/${chatId}`

// A storage that is full, forbidden or damaged keeps nothing, and harms nothing.
async function tried(action) {
  try {
    return await action()
  } catch {
    return undefined
  }
}

/**
 * Notes in the storage that an answer is on its way, until it is over. What stays noted is an answer that the page has lost:
 * it was left, or its connection broke.
 */
export async function note(storage, { chatId, messages }, { stream, question, messageId }) {
  // The answer to a decision has no question of its own, by which it would be found.
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

/** The answer that was noted, as a stream which waits until the server has it in its history; `null` if there is none. */
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
