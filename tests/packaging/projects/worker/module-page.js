const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
worker.onmessage = ({ data }) => (window.answer = data)
worker.postMessage(Object.fromEntries(new URLSearchParams(location.search)))
