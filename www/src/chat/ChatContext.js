import { createContext } from 'react'

/** What the parts of a chat need: `{ ask, flowise, config, onSettings }`. */
export const ChatContext = createContext(null)
