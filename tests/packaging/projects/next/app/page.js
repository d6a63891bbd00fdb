import { isFlowiseError } from 'flowise-stream'

import { Chat } from './Chat.js'

// The package is imported by a server component, too.
export default function Page() {
  return <Chat isServerImport={isFlowiseError(new Error()) === false} />
}
