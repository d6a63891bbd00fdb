'use client'

import { useEffect } from 'react'
import { useFlowise } from 'flowise-stream/react'

import { run } from '../chat.js'

export function Chat({ isServerImport }) {
  const { messages, status } = useFlowise({ messages: [{ id: '1', role: 'assistant', text: 'Rendered on the server.' }] })
  useEffect(() => {
    run(Object.fromEntries(new URLSearchParams(location.search))).then(
      (answer) => (window.answer = answer),
      (error) => (window.answer = { error: String(error.stack) }),
    )
  }, [])
  return (
    <p data-server-import={String(isServerImport)}>
      {status}: {messages[0].text}
    </p>
  )
}
