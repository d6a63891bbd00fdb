import { useEffect, useRef, useSyncExternalStore } from 'react'

import { createChat, resumption } from './store.js'

export { createChat, resumption }

/** A chat with a chatflow, as state of a component. */
export function useFlowise(options = {}) {
  const chat = useChat(options)
  const snapshot = useSyncExternalStore(chat.subscribe, chat.getSnapshot, chat.getServerSnapshot)
  const { send, stop, regenerate, resume, upload, clear } = chat
  return { ...snapshot, send, stop, regenerate, resume, upload, clear, chat }
}

function useChat(options) {
  const { chat: given, url, chatflowId, chatId } = options
  // Another chatflow is another chat; what else changes counts from the next question on.
  const key = [String(url), chatflowId, chatId].join('\n')
  const own = useRef(undefined)
  if (!given && own.current?.key !== key) own.current = { key, chat: createChat(options) }
  const chat = given ?? own.current.chat

  useEffect(() => {
    if (!given) chat.configure(options)
  })
  useEffect(() => {
    if (given) return undefined
    return () => void chat.stop()
  }, [chat, given])
  return chat
}
