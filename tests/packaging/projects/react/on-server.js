// A component with the hook, as a server renders it.

import { createElement } from 'react'
import { renderToString } from 'react-dom/server'

import { useFlowise } from 'flowise-stream/react'

export function render(text) {
  const Chat = () => useFlowise({ messages: [{ id: '1', role: 'assistant', text }] }).messages[0].text
  return renderToString(createElement(Chat))
}
