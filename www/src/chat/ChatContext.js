import { createContext } from 'react'

/** What the parts of a chat need: `{ ask, flowise, server, config, onSettings }`. */
export const ChatContext = createContext(null)
