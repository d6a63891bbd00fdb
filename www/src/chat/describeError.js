/** Describes errors: what happened, and what to do about it. */

const WORDS = {
  config: ['The settings are not right', 'Open the settings and check the address and the chatflow.', 'settings'],
  connect: [
    'The server cannot be reached',
    'Is Flowise running, and is its address right? The page keeps trying to connect.',
    'settings',
  ],
  cors: [
    'The server does not allow this page to read its answers',
    'Check the chatflow’s id: Flowise refuses every page that asks for an id that it does not know. Or add this page’s origin to the chatflow’s allowed origins, or to CORS_ORIGINS on the server.',
    'settings',
  ],
  unauthorized: ['The chatflow needs an API key', 'Enter the key of the chatflow in the settings.', 'settings'],
  forbidden: [
    'The chatflow does not accept this page',
    'Add this page’s origin to the chatflow’s allowed origins in Flowise.',
    'settings',
  ],
  'not-found': ['There is no such chatflow', 'Check its id: Flowise shows it in the address of the canvas.', 'settings'],
  'rate-limited': ['Too many questions', 'The chatflow has a rate limit. Wait a moment, then try again.'],
  'too-large': ['The question is too large', 'Send a smaller file, or raise FLOWISE_FILE_SIZE_LIMIT on the server.'],
  status: ['The server refused the question', 'Try again. If it happens again, look at the server’s log.'],
  timeout: ['The server took too long', 'It may be busy, or the model may hang. Try again.'],
  protocol: [
    'This does not look like Flowise',
    'Something else answers at this address. Check it, and any proxy in between.',
    'settings',
  ],
  'message-too-long': ['An answer was larger than the page accepts', 'Ask for less at once.'],
  server: ['The flow failed', 'The model or a tool reported an error. Try again, or look at the server’s log.'],
  interrupted: ['The connection broke', 'What had arrived is kept. Ask again when the connection is back.'],
  disconnected: ['The connection was closed', 'Try again: the page reconnects.'],
  unsupported: [
    'WebAssembly does not run here',
    'The page needs it. Use another browser, or let the page’s Content-Security-Policy allow it.',
  ],
}

/** Returns `{ title, advice, detail, remedy }`; `remedy` is `settings` if a change of the settings may help. */
export function describeError(error) {
  const [title, advice, remedy] = WORDS[error?.code] ?? ['Something went wrong', 'Try again.']
  return { title, advice, remedy, detail: error?.message ?? String(error), code: error?.code, status: error?.status }
}
