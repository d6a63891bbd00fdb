// Stored conversations, in a storage that may fail.

import { fromText, indexFromText, indexToText, toText } from './record.js'

const MOST_CHATS = 100
// How many old conversations may be deleted to store another one.
const MOST_DROPPED = 10

/**
 * Stores the conversations of a user and flow. `storage` may return values or promises. If it is full, forbidden or damaged,
 * conversations are not stored, without an error. Calls `changed` when the list of conversations changes.
 */
export function shelf({ storage, prefix, changed }) {
  let index = indexFromText()
  const keyOf = (id) => `${prefix}/${id}`
  const without = (id) => (stored) => ({ ...stored, chats: stored.chats.filter((entry) => entry.id !== id) })

  // Each of these calls the storage synchronously: a page that is closing does not wait.
  const read = async (key) => {
    try {
      return await storage.getItem(key)
    } catch {
      return undefined
    }
  }
  const erase = async (key) => {
    try {
      await storage.removeItem(key)
    } catch {
      // It stays in the storage, but in no list.
    }
  }
  const write = async (key, text) => {
    try {
      await storage.setItem(key, text)
      return 'kept'
    } catch (error) {
      return error?.name === 'QuotaExceededError' ? 'full' : 'refused'
    }
  }

  const load = async () => {
    index = indexFromText(await read(prefix))
    changed()
  }

  let changes = Promise.resolve()
  /** Changes the currently stored list: other tabs change it, too. */
  const change = (edit) => {
    changes = changes.then(async () => {
      const text = await read(prefix)
      index = edit(typeof text === 'string' ? indexFromText(text) : index)
      await Promise.all(index.chats.slice(MOST_CHATS).map(({ id }) => erase(keyOf(id))))
      index = { ...index, chats: index.chats.slice(0, MOST_CHATS) }
      changed()
      await write(prefix, indexToText(index))
    })
    return changes
  }

  const remove = async (id) => {
    await erase(keyOf(id))
    await change(without(id))
  }

  const put = async (record) => {
    const { id, title, createdAt, updatedAt } = record
    let outcome = await write(keyOf(id), toText(record))
    for (let dropped = 0; outcome === 'full' && dropped < MOST_DROPPED; dropped++) {
      const oldest = index.chats.findLast((entry) => entry.id !== id)
      if (!oldest) break
      await remove(oldest.id)
      outcome = await write(keyOf(id), toText(record))
    }
    if (outcome !== 'kept') return
    await change((stored) => {
      const known = stored.chats.find((entry) => entry.id === id)
      const entry = { id, title: known?.title ?? title, createdAt, updatedAt }
      return { ...stored, chats: [entry, ...without(id)(stored).chats] }
    })
  }

  let isPutting = false
  const waiting = new Map()
  const save = async (record) => {
    if (isPutting) {
      waiting.set(record.id, record)
      return
    }
    isPutting = true
    await put(record)
    isPutting = false
    const [next] = waiting.values()
    if (!next) return
    waiting.delete(next.id)
    await save(next)
  }

  return {
    keyOf,
    load,
    save,
    /** Writes synchronously and ignores the outcome. */
    saveNow: (record) => void write(keyOf(record.id), toText(record)),
    remove,
    /** Reads another text of the storage. */
    read,
    /** The list, most recently changed first. */
    index: () => index,
    open: async (id) => fromText(await read(keyOf(id))),
    note: (members) => change((stored) => ({ ...stored, ...members })),
    rename: (id, title) => change((stored) => ({ ...stored, chats: stored.chats.map((entry) => (entry.id === id ? { ...entry, title } : entry)) })),
  }
}

/** The name under which the conversations with a flow are stored. It contains no key, password or query of the URL. */
export function prefixOf({ url, chatflowId, user }) {
  let place = String(url ?? '')
  try {
    const { origin, pathname } = new URL(place, globalThis.location?.href)
    place = origin + pathname.replace(/\/+$/, '')
  } catch {
    place = place.replace(/[?#].*/s, '')
  }
  return ['flowise-stream', place, chatflowId ?? '', user ?? ''].map((part) => part.replaceAll('|', '%7C')).join('|')
}
