import { createContext } from 'react'

/** Shared by the parts of a chat: `{ ask, chat, flowise, server, config, onSettings }`. */
export const ChatContext = createContext(null)
