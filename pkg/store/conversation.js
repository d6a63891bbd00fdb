// One conversation: asking, stopping, editing, queueing.

import { FlowiseError, uuid } from '../core.js'
import { answering } from './answer.js'
import { resumption } from './resume.js'
import { dataOf, historyOf, isLost, isSameQuestion, textOf, titleOf, toldUploads } from './question.js'

const refusal = (message) => new FlowiseError(message, 'config')

/**
 * One conversation: its messages, the current answer, and the questions that wait for it to end.
 *
 * `page` is the environment: `options()` returns the current options, `stream(body)` and `upload(files, options)` ask the server,
 * `changed(soon)` is called after each visible change, and `ended(message, error)` after each answer.
 */
export function conversation(start, page) {
  const { id = uuid(), createdAt = Date.now() } = start
  // `memory` is that of an edited conversation. It replaces the one that the page chose.
  let { chatId, sessionId, memory } = start
  let messages = Object.freeze([...(start.messages ?? [])])
  // The earlier messages to send along: the flow's own memory began only after them.
  let history = historyOf(messages.slice(0, start.remembered ?? 0))
  let remembered = start.remembered ?? 0
  let updatedAt = start.updatedAt ?? createdAt
  let lastRecorded
  if (start.isKept) {
    const last = messages.at(-1)
    // The server may still run an answer that was lost with the page, so the next question avoids its id.
    if (last?.role === 'assistant' && isLost(last)) {
      leaveRun()
      // Not a failure for this page: browsers break connections a moment before they close a page.
      const { error: broken, ...rest } = last
      messages = Object.freeze([...messages.slice(0, -1), Object.freeze({ ...rest, finishReason: 'interrupted' })])
    }
    lastRecorded = messages
  }
  let status = 'ready'
  let error
  // The current answer and its question.
  let current
  let queue = []
  // The question data of each message, for asking it again.
  const asked = new Map()

  const show = (next) => {
    messages = Object.freeze(next)
    updatedAt = Date.now()
  }

  function leaveRun() {
    sessionId ??= chatId
    chatId = uuid()
  }

  /** The action of the last answer. Undefined once it is decided, or while another answer streams. */
  const pending = () => {
    if (current) return undefined
    const last = messages.findLast(({ role }) => role === 'assistant')
    return last?.action && !last.decision ? last : undefined
  }

  const whole = (data) => {
    const { overrideConfig, data: always } = page.options()
    const body = { ...always, ...data, chatId }
    const override = { ...(sessionId && { sessionId }), ...overrideConfig }
    if (override.sessionId && memory) override.sessionId = memory
    Object.assign(override, data.overrideConfig)
    if (Object.keys(override).length > 0) body.overrideConfig = override
    if (history.length > 0) body.history = [...history, ...(body.history ?? [])]
    return body
  }

  /** Uploads the files of a question and shows them in its message. */
  const withUploads = async ({ files, ...data }, messageId, signal) => {
    if (!files?.length) return data
    const uploads = [...(data.uploads ?? []), ...(await page.upload(files, { chatId, signal }))]
    asked.set(messageId, { ...data, uploads })
    show(messages.map((message) => (message.id === messageId ? Object.freeze({ ...message, uploads }) : message)))
    page.changed()
    return { ...data, uploads }
  }

  const answer = async (coming, data, messageId) => {
    try {
      const body = data.files?.length ? await withUploads(data, messageId, coming.signal) : data
      if (coming.signal.aborted) return coming.fail()
      const sent = whole(body)
      page.options().onAsk?.(sent)
      return await coming.follow(page.stream(sent))
    } catch (reason) {
      return coming.fail(reason)
    }
  }

  /** Continues under the id that the reply names: another one after a stopped answer. */
  const follow = (reply) => {
    if (!reply.chatId) return
    const remembered = reply.sessionId ?? sessionId ?? chatId
    chatId = reply.chatId
    sessionId = remembered === chatId ? undefined : remembered
  }

  const ask = async (data) => {
    const messageId = messages.at(-1).id
    asked.set(messageId, data)
    chatId ??= uuid()
    const coming = answering({
      id: uuid(),
      onEvent: page.options().onEvent,
      changed() {
        if (current?.coming !== coming) return
        status = 'streaming'
        page.changed(true)
      },
    })
    const asking = { coming, data, chatId, sessionId: sessionId ?? chatId }
    current = asking
    status = 'submitted'
    error = undefined
    asking.promise = (async () => {
      let { message, error: reason } = await answer(coming, data, messageId)
      if (current?.coming !== coming) {
        // `clear` has removed it in the meantime
        page.ended(message, reason)
        return message
      }
      current = undefined
      follow(message)
      // The server stores it under the id of its question.
      if (isLost(message)) message = Object.freeze({ ...message, chatId: asking.chatId, sessionId: asking.sessionId })
      show([...messages, message])
      error = reason
      status = reason ? 'error' : 'ready'
      page.changed()
      page.ended(message, reason)
      askNext()
      return message
    })()
    page.changed()
    return asking.promise
  }

  const askWith = (data, text) => {
    const message = { id: uuid(), role: 'user', text: text ?? textOf(data), createdAt: Date.now() }
    if (data.uploads || data.files?.length) message.uploads = toldUploads(data)
    if (data.form) message.form = data.form
    show([...messages, Object.freeze(message)])
    return ask(data)
  }

  /** While a flow waits for a decision, the queue sends nothing. */
  const askNext = () => {
    if (current || queue.length === 0 || pending()) return
    const [{ data, resolve }, ...rest] = queue
    queue = rest
    resolve(askWith(data))
  }

  const enqueue = (data) =>
    new Promise((resolve) => {
      const question = Object.freeze({ id: uuid(), text: textOf(data) })
      queue = [...queue, { question, data, resolve }]
      page.changed()
    })

  const drop = (isDropped) => {
    const dropped = queue.filter(isDropped)
    queue = queue.filter((entry) => !isDropped(entry))
    for (const { question, resolve } of dropped) {
      resolve(Object.freeze({ id: question.id, role: 'assistant', text: '', finishReason: 'aborted' }))
    }
  }

  const onlyOne = () => {
    if (current) throw refusal('an answer is still coming: wait for it, call stop(), or queue the question')
  }

  /** Asks again from a message on, with a memory that holds only the messages before it. */
  const afresh = (at, question, data) => {
    const before = messages.slice(0, at)
    chatId = uuid()
    sessionId = undefined
    memory = chatId
    history = historyOf(before)
    remembered = at
    show([...before, Object.freeze({ ...question, createdAt: Date.now() })])
    return ask(data)
  }

  return {
    id,
    isBusy: () => current !== undefined,
    isEmpty: () => messages.length === 0 && !current,

    async send(question, { queue: mayWait = false } = {}) {
      const data = typeof question === 'string' ? { question } : { ...question }
      const isAgain = (status === 'submitted' && !mayWait) || page.isAdopting()
      if (current && isAgain && isSameQuestion(current.data, data)) return current.promise
      if (current && page.isAdopting()) {
        current.coming.stop()
        return enqueue(data)
      }
      if (mayWait && (current || queue.length > 0 || pending())) return enqueue(data)
      onlyOne()
      return askWith(data)
    },

    async regenerate() {
      onlyOne()
      const at = messages.findLastIndex(({ role }) => role === 'user')
      if (at < 0) throw refusal('there is no question that could be asked again')
      const question = messages[at]
      const data = asked.get(question.id) ?? dataOf(question)
      if (!data.action && !data.humanInput) return afresh(at, question, data)
      // A decision belongs to the run that waits for it.
      show(messages.slice(0, at + 1))
      return ask(data)
    },

    async edit(id, text) {
      onlyOne()
      const at = messages.findIndex((message) => message.id === id && message.role === 'user')
      if (at < 0) throw refusal('there is no question with this id')
      const { form, action, humanInput, ...data } = asked.get(id) ?? dataOf(messages[at])
      const { form: shown, ...question } = messages[at]
      return afresh(at, { ...question, text }, { ...data, question: text })
    },

    async resume(decision, { feedback = '' } = {}) {
      onlyOne()
      const waits = pending()
      if (!waits) throw refusal('the flow does not wait for a decision')
      const { action } = waits
      const label = action.mapping?.[decision === 'proceed' ? 'approve' : 'reject']
      show(messages.map((message) => (message === waits ? Object.freeze({ ...message, decision }) : message)))
      return askWith(resumption(action, decision, feedback), feedback || label || decision)
    },

    stop: async () => (current ? current.coming.stop() : { reached: false }),

    upload(files, options) {
      chatId ??= uuid()
      return page.upload(files, { ...options, chatId })
    },

    unqueue(id) {
      drop(({ question }) => question.id === id)
      page.changed()
    },

    /** Stops all activity: no component shows the chat any more. */
    leave() {
      drop(() => true)
      current?.coming.stop()
      page.changed()
    },

    clear() {
      drop(() => true)
      current?.coming.stop()
      current = undefined
      show([])
      asked.clear()
      status = 'ready'
      error = chatId = sessionId = memory = undefined
      history = []
      remembered = 0
      page.changed()
    },

    /** Returns what to store; `undefined` if nothing has changed since the last call. */
    record() {
      if (!current && lastRecorded === messages) return undefined
      lastRecorded = current ? undefined : messages
      if (messages.length === 0) return undefined
      const all = [...messages]
      if (current) all.push({ ...current.coming.message(), finishReason: 'interrupted', chatId: current.chatId, sessionId: current.sessionId })
      return { id, title: titleOf(messages), createdAt, updatedAt, chatId, sessionId, memory, remembered, messages: all }
    },

    /** The last answer and its question, if the answer was lost. */
    lost() {
      const message = messages.at(-1)
      if (current || message?.role !== 'assistant' || !isLost(message)) return undefined
      const known = messages.findLast(({ role, chatMessageId }) => role === 'assistant' && chatMessageId)?.chatMessageId
      return { message, question: messages.findLast(({ role }) => role === 'user'), known }
    },

    /** Replaces a partial answer by the one that the server finished. */
    complete(messageId, answer) {
      show(messages.map((message) => (message.id === messageId ? Object.freeze({ ...message, error: undefined, ...answer }) : message)))
      if (messages.at(-1)?.id === messageId && !current) {
        status = 'ready'
        error = undefined
      }
      page.changed()
    },

    look() {
      const shown = current && status === 'streaming' ? Object.freeze([...messages, current.coming.message()]) : messages
      const pendingAction = pending()?.action
      return { id, messages: shown, status, error, chatId, pendingAction, queue: Object.freeze(queue.map(({ question }) => question)) }
    },
  }
}
