import { createRoot } from 'react-dom/client'
import { Chat } from './chat.jsx'

const flow = Object.fromEntries(new URLSearchParams(location.search))
const root = document.body.appendChild(document.createElement('main'))
createRoot(root).render(<Chat flow={flow} />)
