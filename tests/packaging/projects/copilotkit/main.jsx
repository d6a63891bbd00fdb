import { createRoot } from 'react-dom/client'
import { App } from './chat.jsx'

const flow = Object.fromEntries(new URLSearchParams(location.search))
createRoot(document.body.appendChild(document.createElement('div'))).render(<App {...flow} />)
