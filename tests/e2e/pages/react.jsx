// A chat with useFlowise. It reports to the test what it does. The URL names the chatflow, `strict` for StrictMode, and a question to
// ask on mount.

import { StrictMode, Suspense, startTransition, useEffect, useLayoutEffect, useReducer, useState, version } from 'react'
import { createRoot } from 'react-dom/client'
import { useFlowise } from 'flowise-stream/react'

const { url, chatflowId, strict, question } = Object.fromEntries(new URLSearchParams(location.search))

window.reactVersion = version
window.seen = { renders: 0, statuses: [], finished: [], failed: [], mounted: [], framesWithTwo: 0 }

// A page without frames renders after a while anyway.
const WITHOUT_FRAME_MS = 250
let rendersInFrame = 0
let lastFrame = 0
function countFrames(now) {
  if (rendersInFrame > 1 + Math.floor((now - lastFrame) / WITHOUT_FRAME_MS)) seen.framesWithTwo++
  rendersInFrame = 0
  lastFrame = now
  requestAnimationFrame(countFrames)
}
requestAnimationFrame(countFrames)

function Chat({ flow, more }) {
  const chat = useFlowise({
    url,
    chatflowId: flow,
    onFinish: (message) => seen.finished.push(message),
    onError: (error) => seen.failed.push(error.code),
    ...more,
  })
  seen.renders++
  rendersInFrame++
  if (seen.statuses.at(-1) !== chat.status) seen.statuses.push(chat.status)
  // not while rendering: React may discard a render
  useLayoutEffect(() => {
    window.chat = chat
    window.given = more
  })
  const [, renderAgain] = useReducer((times) => times + 1, 0)
  window.renderAgain = renderAgain

  useEffect(() => {
    if (question) chat.send(question).then(({ text }) => seen.mounted.push(text))
  }, [])

  return (
    <main>
      <ol>
        {chat.messages.map((message) => (
          <li key={message.id} className={message.role}>
            {message.text}
          </li>
        ))}
      </ol>
      <output>{chat.status}</output>
      {chat.error && <p role="alert">{chat.error.message}</p>}
    </main>
  )
}

const never = new Promise(() => {})

/** Suspends, so that a transition to another chatflow does not complete. */
function Gate({ flow }) {
  if (flow !== chatflowId) {
    seen.waitsFor = flow
    throw never
  }
  return null
}

function Page() {
  const [isShown, show] = useState(true)
  const [flow, setFlow] = useState(chatflowId)
  const [more, setMore] = useState({})
  window.show = show
  window.giveOptions = setMore
  window.showFlow = (id) => startTransition(() => setFlow(id))
  if (!isShown) return <p>closed</p>
  return (
    <Suspense>
      <Chat flow={flow} more={more} />
      <Gate flow={flow} />
    </Suspense>
  )
}

createRoot(document.getElementById('root')).render(strict ? <StrictMode><Page /></StrictMode> : <Page />)
