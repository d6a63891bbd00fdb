// A chat as a store, for any framework: it holds what a page shows, and tells when that has changed.
//
// Tokens come faster than screens can show them. So events only change a draft, and the snapshot is made of it once a
// frame; subscribers are told then, and `getSnapshot` gives the same object until the next time.

import { Flowise } from './core.js'
import { chats } from './store/chats.js'
import { startFormOf } from './store/form.js'
import { scheduler } from './store/frames.js'
import { guarded } from './store/page.js'
import { resumption } from './store/resume.js'
import { askOver } from './store/socket.js'

export { resumption }

// The callbacks among the options.
const CALLBACKS = ['onAsk', 'onEvent', 'onFinish', 'onError']

/** Makes a chat with a chatflow. Nothing happens until `send`. */
export function createChat(given) {
  let options
  const configure = (next = {}) => {
    options = { ...next }
    for (const name of CALLBACKS) if (typeof next[name] === 'function') options[name] = guarded(next[name])
  }
  configure(given)

  const subscriptions = new Set()
  const flowise = () => options.flowise ?? new Flowise(options)

  // Where WebAssembly is forbidden it throws; to the page that is an answer that failed, like all others.
  const stream = (body) => {
    try {
      return options.socket ? askOver(options.socket, body, options) : flowise().stream(body)
    } catch (error) {
      return { on() {}, onAny() {}, result: Promise.reject(error), abort: async () => ({ reached: false }) }
    }
  }

  const library = chats(options, {
    options: () => options,
    stream,
    upload: (files, more) => flowise().upload(files, more),
    isAdopting: () => adopting !== undefined,
    changed: (soon) => (soon ? frames.request() : flush()),
    ended(message, error) {
      if (error) options.onError?.(error)
      options.onFinish?.(message)
    },
  })

  const look = () => Object.freeze({ ...library.shown().look(), chats: library.list(), isLoading: library.isLoading() })
  const first = look()
  let snapshot = first

  const flush = () => {
    frames.cancel()
    snapshot = look()
    for (const { listener } of [...subscriptions]) listener()
  }
  const frames = scheduler(flush)

  // A component that goes and comes back in the same task (StrictMode, hot reload) has not left, and asks what it has asked.
  let holders = 0
  let leaving
  let adopting
  const retain = () => {
    holders++
    if (leaving !== undefined) {
      clearTimeout(leaving)
      leaving = undefined
      clearTimeout(adopting)
      adopting = setTimeout(() => (adopting = undefined))
    }
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (--holders > 0) return
      leaving = setTimeout(() => {
        leaving = undefined
        library.leave()
      })
    }
  }

  const ofShown = (name) => (...args) => library.shown()[name](...args)
  let unwatch

  return {
    subscribe(listener) {
      const subscription = { listener: guarded(listener) }
      subscriptions.add(subscription)
      unwatch ??= library.watch()
      library.load()
      return () => {
        subscriptions.delete(subscription)
        if (subscriptions.size > 0) return
        unwatch?.()
        unwatch = undefined
      }
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => first,
    configure,
    retain,
    send: ofShown('send'),
    regenerate: ofShown('regenerate'),
    edit: ofShown('edit'),
    resume: ofShown('resume'),
    stop: ofShown('stop'),
    unqueue: ofShown('unqueue'),
    upload: ofShown('upload'),
    startForm: async () => startFormOf(await flowise().chatbotConfig()),
    clear: () => (options.storage ? void library.remove(library.shown().id) : library.shown().clear()),
    async chats() {
      await library.load()
      return library.list()
    },
    open: library.open,
    rename: library.rename,
    remove: library.remove,
  }
}
