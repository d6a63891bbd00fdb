// A component with the hook, which asks the chatflow.

import { createElement, useEffect } from 'react'
import { createRoot } from 'react-dom/client'

import { useFlowise } from 'flowise-stream/react'

/** Resolves with what the component shows when the answer is complete. */
export function render({ url, chatflowId, question }) {
  const element = document.body.appendChild(document.createElement('p'))
  return new Promise((resolve) => {
    function Chat() {
      const { messages, send } = useFlowise({ url, chatflowId })
      const answer = messages.at(-1)
      useEffect(() => void send(question), [send])
      useEffect(() => {
        if (answer?.finishReason) resolve(element.textContent)
      })
      return answer?.text ?? null
    }
    createRoot(element).render(createElement(Chat))
  })
}
