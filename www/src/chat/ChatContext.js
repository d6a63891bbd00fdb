import { createContext } from 'react'

/** What the parts of a chat need: `{ ask, chat, flowise, server, config, onSettings }`. */
export const ChatContext = createContext(null)
