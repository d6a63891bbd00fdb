/** Groups the messages of a chat into turns: a question and its answer. */

/** Returns `{ key, question, answer, isReplayed }`; `answer` is undefined until something has arrived. */
export function turnsOf(messages, isReplayed = false) {
  const turns = []
  for (const message of messages) {
    // A question that is asked again is a new turn.
    if (message.role === 'user') turns.push({ key: `${message.id} ${message.createdAt}`, question: message, isReplayed })
    else if (turns.length > 0) turns.at(-1).answer = message
  }
  return turns
}

/** The turns of several chats, in the order of their questions. */
export const inOrder = (turns) => turns.toSorted((one, other) => one.question.createdAt - other.question.createdAt)

/** `asked` → `answering` → `done`, `stopped` or `failed`. An answer that a reload interrupted counts as stopped. */
export function statusOf({ answer }) {
  if (!answer) return 'asked'
  if (!answer.finishReason) return 'answering'
  if (answer.error) return 'failed'
  return answer.finishReason === 'aborted' || answer.finishReason === 'interrupted' ? 'stopped' : 'done'
}

export const isOver = (turn) => Boolean(turn.answer?.finishReason)
