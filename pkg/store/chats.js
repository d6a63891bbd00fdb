// The conversations of a chat, shown and stored.

import { uuid } from '../core.js'
import { conversation } from './conversation.js'
import { embedKey, fromEmbed } from './embed.js'
import { askHistory, finishedAnswer } from './history.js'
import { fromText } from './record.js'
import { prefixOf, shelf } from './shelf.js'

// A crash of the page loses at most this much of an answer.
const SAVE_MS = 1000

/**
 * The conversations of a chat: the one on show and the stored ones. `page` is the same as for a conversation; `options` are the
 * initial options of the chat.
 */
export function chats(options, page) {
  const { storage } = options
  const kept = storage && shelf({ storage, prefix: prefixOf(options), changed: () => page.changed() })
  // Conversations in the background whose answers are still streaming.
  const running = new Map()
  let isLoading = Boolean(storage)
  let isLeaving = false
  let loaded

  const make = (start) => {
    let timer
    const save = () => {
      clearTimeout(timer)
      timer = undefined
      if (isLeaving) return
      const record = kept && own.record()
      if (!record) return
      kept.save(record)
      if (own === shown && kept.index().open !== own.id) kept.note({ open: own.id })
    }
    const own = conversation(start, {
      ...page,
      changed(soon) {
        if (own.isBusy()) running.set(own.id, own)
        else running.delete(own.id)
        if (soon) timer ??= kept && setTimeout(save, SAVE_MS)
        else save()
        if (own === shown) page.changed(soon)
      },
      ended(message, error) {
        page.ended(message, error)
        recover(own)
      },
    })
    own.save = save
    return own
  }

  // The searches for lost answers.
  const recovering = new Set()
  /** Completes an answer that the page lost, if the server has finished it. */
  const recover = async (own) => {
    const lost = own.lost()
    const { history } = page.options()
    if (!history || !lost || recovering.has(lost.message)) return
    recovering.add(lost.message)
    const ask = typeof history === 'function' ? history : (which) => askHistory(page.options(), which)
    const answer = await finishedAnswer({
      ask: () => ask({ chatId: lost.message.chatId, sessionId: lost.message.sessionId }),
      question: lost.question.text,
      known: lost.known,
      isWanted: () => own.lost()?.message === lost.message && isWatched(),
    })
    recovering.delete(lost.message)
    if (answer) own.complete(lost.message.id, answer)
  }

  let shown = make({ ...options, id: uuid() })
  let isWatched = () => true

  const show = (next) => {
    shown = next
    page.changed()
    recover(next)
  }

  const restore = async (id) => {
    const record = await kept.open(id)
    return record && make({ ...record, isKept: true })
  }

  const importEmbed = async () => {
    const { chatflowId, user } = options
    if (!chatflowId || user !== undefined) return
    const record = fromEmbed(await kept.read(embedKey(chatflowId)))
    if (!record || kept.index().imported.includes(record.chatId)) return
    await kept.note({ imported: [...kept.index().imported, record.chatId] })
    await kept.save(make(record).record())
    if (!kept.index().open) await kept.note({ open: record.id })
  }

  /** Reads the stored conversations once. */
  const load = () => {
    loaded ??= (async () => {
      if (!kept) return
      await kept.load()
      await importEmbed()
      const { open } = kept.index()
      // A page that names its conversation, or has begun one in the meantime, keeps it.
      const next = !options.chatId && shown.isEmpty() && open ? await restore(open) : undefined
      isLoading = false
      if (next && shown.isEmpty()) show(next)
      else page.changed()
    })()
    return loaded
  }

  const onStorage = async ({ key, newValue }) => {
    if (key === null || key === prefixOf(options)) await kept.load()
    if (shown.isBusy()) return
    if (key === kept.keyOf(shown.id) && newValue) {
      const record = fromText(newValue)
      if (record) show(make({ ...record, isKept: true }))
    } else if (key === null || key === kept.keyOf(shown.id)) show(make({ id: uuid() }))
  }
  // The page may be gone after this. Connections that break because of it are not recorded as failures.
  const onHide = () => {
    for (const own of running.values()) kept.saveNow(own.record())
    isLeaving = true
  }
  const onShow = () => {
    if (!isLeaving) return
    isLeaving = false
    for (const own of running.values()) own.save()
    shown.save()
  }

  return {
    shown: () => shown,
    load,
    isLoading: () => isLoading,
    list: () => kept?.index().chats ?? [],

    /** Watches other tabs and the end of the page while components show the chat. */
    watch() {
      if (!kept || typeof addEventListener !== 'function') return () => {}
      addEventListener('storage', onStorage)
      addEventListener('pagehide', onHide)
      addEventListener('pageshow', onShow)
      let isOn = true
      isWatched = () => isOn
      recover(shown)
      return () => {
        isOn = false
        removeEventListener('storage', onStorage)
        removeEventListener('pagehide', onHide)
        removeEventListener('pageshow', onShow)
      }
    },

    async open(id) {
      await load()
      if (id === shown.id) return true
      const next = id === undefined ? make({ id: uuid() }) : (running.get(id) ?? (kept && (await restore(id))))
      if (!next) return false
      show(next)
      kept?.note({ open: id })
      return true
    },

    async rename(id, title) {
      await load()
      await kept?.rename(id, title)
    },

    async remove(id) {
      await load()
      running.get(id)?.clear()
      if (id === shown.id) show(make({ id: uuid() }))
      await kept?.remove(id)
    },

    leave() {
      for (const own of [shown, ...running.values()]) own.leave()
    },
  }
}
