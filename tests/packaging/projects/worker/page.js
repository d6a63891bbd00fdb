const worker = new Worker('worker.js')
worker.onmessage = ({ data }) => (window.answer = data)
worker.postMessage(Object.fromEntries(new URLSearchParams(location.search)))
