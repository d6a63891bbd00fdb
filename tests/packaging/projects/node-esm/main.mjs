import { run } from './chat.js'

const [url, chatflowId, question] = process.argv.slice(2)
console.log(JSON.stringify(await run({ url, chatflowId, question })))
