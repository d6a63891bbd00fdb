// Renders a chat as a server does, with the options that the first argument has.

import { renderToString } from 'react-dom/server'
import { useFlowise } from 'flowise-stream/react'

function Chat(options) {
  const { messages, status } = useFlowise(options)
  return <p>{`${status}: ${messages[0].text}`}</p>
}

console.log(renderToString(<Chat {...JSON.parse(process.argv[2])} />))
// React's scheduler would wait for more.
process.exit()
