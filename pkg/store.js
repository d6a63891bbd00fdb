// A chat as a store, for any framework: it holds the state that a page shows and notifies subscribers of changes.
//
// Tokens arrive faster than screens can show them. So events only change a draft. Once per frame, the store makes a snapshot of it
// and notifies subscribers; until the next one, `getSnapshot` returns the same object.

import { Flowise, guarded } from './core.js'
import { chats } from './store/chats.js'
import { startFormOf } from './store/form.js'
import { scheduler } from './store/frames.js'
import { resumption } from './store/resume.js'
import { askOver } from './store/socket.js'

export { resumption }

// The options that are callbacks.
const CALLBACKS = ['onAsk', 'onEvent', 'onFinish', 'onError']

/** Creates a chat with a chatflow. Sends nothing until `send`. */
export function createChat(given) {
  let options
  const configure = (next = {}) => {
    options = { ...next }
    for (const name of CALLBACKS) if (typeof next[name] === 'function') options[name] = guarded(next[name])
  }
  configure(given)

  const subscriptions = new Set()
  const flowise = () => options.flowise ?? new Flowise(options)

  // Throws if the page forbids WebAssembly. The page sees a failed answer, as with other failures.
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

  // A component that unmounts and mounts again in the same task (StrictMode, hot reload) counts as never gone, and the
  // question of its effect as already asked.
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
