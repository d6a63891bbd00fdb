// Renders a chat on a server, with the options in the first argument.

import { renderToString } from 'react-dom/server'
import { useFlowise } from 'flowise-stream/react'

function Chat(options) {
  const { messages, status } = useFlowise(options)
  return <p>{`${status}: ${messages[0].text}`}</p>
}

console.log(renderToString(<Chat {...JSON.parse(process.argv[2])} />))
// React's scheduler would keep the process alive.
process.exit()
