import { run } from './chat.js'

onmessage = ({ data }) => run(data).then(postMessage, (error) => postMessage({ error: String(error.stack) }))
