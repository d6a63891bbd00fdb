// The package in a worker: it asks in each way there is, and gives the answers to the page.

import { run } from '../../packaging/projects/chat.js'

onmessage = ({ data }) => run(data).then(postMessage, (error) => postMessage({ error: String(error.stack) }))
