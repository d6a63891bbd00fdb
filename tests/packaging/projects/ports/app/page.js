import { Chat } from './Chat.js'

export default function Page() {
  return <Chat />
}
