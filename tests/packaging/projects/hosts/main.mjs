import { EventStreamDecoder } from 'flowise-stream'

import { run } from './chat.js'
import { decode } from './decode.js'
import { render } from './render.js'

const [url, chatflowId, question] = process.argv.slice(2)
const answer = await run({ url, chatflowId, question })
console.log(JSON.stringify({ ...answer, hooked: render(answer.text), decoded: decode(EventStreamDecoder, answer.text) }))
