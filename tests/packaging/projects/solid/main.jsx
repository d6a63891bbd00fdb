import { createSignal, Show } from 'solid-js'
import { render } from 'solid-js/web'
import { Chat } from './chat.jsx'

function App() {
  const flow = Object.fromEntries(new URLSearchParams(location.search))
  const [isOpen, setOpen] = createSignal(true)
  return (
    <>
      <Show when={isOpen()}><Chat flow={flow} /></Show>
      <button onClick={() => setOpen(false)}>Close</button>
    </>
  )
}

render(App, document.body)
