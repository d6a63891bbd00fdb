import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './App.jsx'
import { Broken } from './Broken.jsx'
import { ErrorBoundary } from './parts/ErrorBoundary.jsx'

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <ErrorBoundary fallback={(error) => <Broken error={error} />}>
      <App />
    </ErrorBoundary>
  </StrictMode>,
)
