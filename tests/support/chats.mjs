/** Chats for tests of the store: alone, in pages that show and store them, and in a tab with events. */

import { FlowiseError } from 'flowise-stream'
import { createChat } from 'flowise-stream/store'

import { scriptedFlow } from './scripted-flow.mjs'

export const KEY = 'a-secret-key'
export const SERVER = { url: 'https://flowise.example.com/?tenant=secret', chatflowId: 'flow', apiKey: KEY }

/** A storage like `localStorage`; `isAsync`: like one over IndexedDB. */
export function memoryStorage({ isAsync = false } = {}) {
  const items = new Map()
  const maybe = (value) => (isAsync ? new Promise((resolve) => setImmediate(resolve, value)) : value)
  return {
    items,
    getItem: (key) => maybe(items.get(key) ?? null),
    setItem: (key, value) => maybe(void items.set(key, String(value))),
    removeItem: (key) => maybe(void items.delete(key)),
  }
}

/** A chat, and the flow that it asks. */
export function chatWith(options) {
  const flow = scriptedFlow()
  const chat = createChat({ flowise: flow.flowise, ...options })
  return { flow, chat, now: chat.getSnapshot }
}

/** A page that shows the chat, after a load. */
export async function load(storage, options) {
  const it = chatWith({ storage, ...SERVER, ...options })
  const close = it.chat.subscribe(() => {})
  await it.chat.chats()
  return { ...it, close }
}

/** Asks, and has the flow answer. */
export async function answered({ chat, flow }, question, prediction = {}) {
  const sent = chat.send(question)
  flow.last.end({ text: `Answer to ${question}`, ...prediction })
  return sent
}

export const texts = ({ now }) => now().messages.map(({ text }) => text)
export const titles = ({ now }) => now().chats.map(({ title }) => title)
export const settled = () => new Promise((resolve) => setTimeout(resolve))

/** Breaks the connection after a part of the answer. */
export const broken = (partial) =>
  Object.assign(new FlowiseError('broke', 'interrupted'), partial && { partial: { finishReason: 'interrupted', ...partial } })

/** Runs `act(tell)` in a page whose events come by `tell(type, members)`. */
export async function inTab(act) {
  const page = new EventTarget()
  const names = ['addEventListener', 'removeEventListener']
  for (const name of names) globalThis[name] = page[name].bind(page)
  try {
    await act((type, members) => page.dispatchEvent(Object.assign(new Event(type), members)))
  } finally {
    for (const name of names) delete globalThis[name]
  }
}
