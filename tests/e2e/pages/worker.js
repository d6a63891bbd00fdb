// The package in a worker: it asks in every way, and sends the answers to the page.

import { run } from '../../packaging/projects/chat.js'

onmessage = ({ data }) => run(data).then(postMessage, (error) => postMessage({ error: String(error.stack) }))
