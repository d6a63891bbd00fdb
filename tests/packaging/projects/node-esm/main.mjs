import { run } from './chat.js'
import { render } from './render.js'

const [url, chatflowId, question] = process.argv.slice(2)
const answer = await run({ url, chatflowId, question })
console.log(JSON.stringify({ ...answer, hooked: render(answer.text) }))
