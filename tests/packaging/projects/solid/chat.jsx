import { createSignal, Index, Show } from 'solid-js'
import { useFlowise } from './flowise.js'

export function Chat(props) {
  const { state, send, stop, resume } = useFlowise(props.flow)
  const [question, setQuestion] = createSignal('')
  const isAnswering = () => ['submitted', 'streaming'].includes(state().status)
  const ask = (event) => {
    event.preventDefault()
    send(question())
    setQuestion('')
  }
  return (
    <>
      <Index each={state().messages}>{(message) => <p class={message().role}>{message().text}</p>}</Index>
      <Show when={state().pendingAction}>
        <p><button onClick={() => resume('proceed')}>{state().pendingAction.mapping.approve}</button></p>
      </Show>
      <Show when={state().error}><p role="alert">{state().error.message}</p></Show>
      <Show when={!isAnswering()} fallback={<button onClick={stop}>Stop</button>}>
        <form onSubmit={ask}>
          <input value={question()} onInput={(event) => setQuestion(event.target.value)} name="question" />
        </form>
      </Show>
    </>
  )
}
