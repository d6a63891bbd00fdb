import { useMemo } from 'react'
import { Flowise } from 'flowise-stream'
import { useFlowise } from 'flowise-stream/react'

import { chatStorage } from '../storage.js'
import { useConnection } from './useConnection.js'

/** A chat with one chatflow. `recorder` gets everything that happens, for the inspector. */
export function useChat({ url, chatflowId, apiKey = '', transport }, recorder) {
  const { socket, connection } = useConnection({ url, chatflowId, apiKey, transport }, recorder)
  const server = { url, chatflowId, apiKey: apiKey || undefined }
  const chat = useFlowise({
    ...server,
    socket,
    storage: chatStorage,
    // Flowise shows what it keeps to those who have a key of it.
    history: Boolean(apiKey),
    onAsk: recorder.begin,
    onEvent: recorder.event,
    onFinish: recorder.end,
  })
  // For what is neither a question nor an event: feedback, the owner's settings.
  const flowise = useMemo(() => new Flowise(server), [url, chatflowId, apiKey])
  return { chat, connection, flowise }
}
