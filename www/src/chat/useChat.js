import { useMemo } from 'react'
import { Flowise } from 'flowise-stream'
import { useFlowise } from 'flowise-stream/react'

import { chatStorage } from '../storage.js'
import { useConnection } from './useConnection.js'

/** A chat with one chatflow. `recorder` records everything that happens, for the inspector. */
export function useChat({ url, chatflowId, apiKey = '', transport }, recorder) {
  const { socket, connection } = useConnection({ url, chatflowId, apiKey, transport }, recorder)
  const server = { url, chatflowId, apiKey: apiKey || undefined }
  const chat = useFlowise({
    ...server,
    socket,
    storage: chatStorage,
    // Flowise returns its history only to callers with an API key.
    history: Boolean(apiKey),
    onAsk: recorder.begin,
    onEvent: recorder.event,
    onFinish: recorder.end,
  })
  // For calls other than questions: feedback and the owner's settings.
  const flowise = useMemo(() => new Flowise(server), [url, chatflowId, apiKey])
  return { chat, connection, flowise }
}
