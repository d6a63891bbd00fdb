// A chat with useFlowise, which tells the test what it does. The address has the chatflow, and `strict` for StrictMode.

import { StrictMode, useState, version } from 'react'
import { createRoot } from 'react-dom/client'
import { useFlowise } from 'flowise-stream/react'

const { url, chatflowId, strict } = Object.fromEntries(new URLSearchParams(location.search))

window.reactVersion = version
window.seen = { renders: 0, statuses: [], finished: [], failed: [], framesWithTwo: 0 }

// A page that waits long for a frame renders without.
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

function Chat() {
  const chat = useFlowise({
    url,
    chatflowId,
    onFinish: (message) => seen.finished.push(message),
    onError: (error) => seen.failed.push(error.code),
  })
  seen.renders++
  rendersInFrame++
  if (seen.statuses.at(-1) !== chat.status) seen.statuses.push(chat.status)
  window.chat = chat

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

function Page() {
  const [isShown, show] = useState(true)
  window.show = show
  return isShown ? <Chat /> : <p>closed</p>
}

createRoot(document.getElementById('root')).render(strict ? <StrictMode><Page /></StrictMode> : <Page />)
