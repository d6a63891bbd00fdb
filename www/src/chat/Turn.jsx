import { Suspense, lazy, memo, useContext } from 'react'

import { CopyButton } from '../parts/CopyButton.jsx'
import { Icon } from '../parts/Icon.jsx'
import { Annotations, Artifacts } from './Artifacts.jsx'
import { ChatContext } from './ChatContext.js'
import { Decision } from './Decision.jsx'
import { Failure } from './Failure.jsx'
import { Feedback } from './Feedback.jsx'
import { Question } from './Question.jsx'
import { Silence } from './Silence.jsx'
import { Sources } from './Sources.jsx'
import { Steps } from './Steps.jsx'
import { Thinking } from './Thinking.jsx'
import { Tools } from './Tools.jsx'
import { isOver, statusOf } from './turns.js'

const Markdown = lazy(() => import('../markdown/Markdown.jsx'))

/** A question and its answer. A turn in which nothing has changed is not rendered again. */
export const Turn = memo(
  function Turn({ turn, isLast, busy }) {
    const { chat, config, onSettings } = useContext(ChatContext)
    const { question, answer = NOTHING, isReplayed } = turn
    const over = isOver(turn)
    const status = statusOf(turn)
    // A replayed answer has no server that could continue it.
    const canAsk = isLast && !isReplayed
    const { thinking = '', steps = [], usedTools = [], artifacts = [], action } = answer
    const text = textOf(answer)
    const isWaiting = !over && text === '' && thinking === '' && steps.length === 0

    return (
      <article className={`turn ${status}`} data-status={status}>
        <Question question={question} onEdit={busy || isReplayed ? undefined : (text) => chat.edit(question.id, text)} />
        <div className="answer" aria-busy={!over}>
          {thinking !== '' && <Thinking text={thinking} seconds={answer.thinkingSeconds} active={!over && text === ''} />}
          {steps.length > 0 && <Steps steps={steps} active={!over} />}
          {usedTools.length > 0 && <Tools tools={usedTools} />}
          {isWaiting && <Waiting />}
          {text !== '' && <Text text={text} complete={over} />}
          {!over && <Silence answer={answer} />}
          {status === 'done' && text === '' && !action && artifacts.length === 0 && <p className="empty">The answer is empty.</p>}
          {artifacts.length > 0 && <Artifacts artifacts={artifacts} chatId={answer.chatId} />}
          {answer.fileAnnotations && <Annotations annotations={answer.fileAnnotations} chatId={answer.chatId} />}
          {answer.sourceDocuments && <Sources sources={answer.sourceDocuments} />}
          {status === 'failed' && <Failure error={answer.error} onRetry={canAsk ? chat.regenerate : undefined} onSettings={onSettings} />}
          {status === 'stopped' && <p className="stopped">{STOPPED[answer.finishReason]}</p>}
          {over && action && isLast && <Decision action={action} onDecide={canAsk ? chat.resume : undefined} />}
          {over && (
            <Footer
              answer={answer}
              text={text}
              onAgain={canAsk && !busy && status !== 'failed' ? chat.regenerate : undefined}
              takesFeedback={Boolean(config?.chatFeedback?.status) && !isReplayed}
            />
          )}
          {over && canAsk && answer.followUpPrompts?.length > 0 && <FollowUps prompts={answer.followUpPrompts} onAsk={chat.send} />}
        </div>
      </article>
    )
  },
  (before, after) =>
    before.turn.question === after.turn.question &&
    before.turn.answer === after.turn.answer &&
    before.isLast === after.isLast &&
    before.busy === after.busy,
)

const NOTHING = { text: '' }

const STOPPED = {
  aborted: 'Stopped. What had arrived is kept.',
  interrupted: 'The answer was interrupted. What had arrived is kept.',
}

/** The text of an answer. Structured output is shown as JSON, which its text repeats. */
const textOf = ({ text, json }) => (json === undefined ? text : `\`\`\`json\n${JSON.stringify(json, null, 2)}\n\`\`\``)

// Longer text makes the browser pause for layout. The copy button still copies all of it.
const MOST_SHOWN = 300_000

function Text({ text, complete }) {
  const shown = text.length > MOST_SHOWN ? text.slice(0, MOST_SHOWN) : text
  return (
    <div className={complete ? 'text' : 'text growing'}>
      <Suspense fallback={<div className="markdown plain">{shown}</div>}>
        <Markdown text={shown} complete={complete || shown !== text} />
      </Suspense>
      {shown !== text && (
        <p className="cut-off">{`The answer is longer than is shown here: ${text.length.toLocaleString('en')} characters. Copy it to see all of it.`}</p>
      )}
    </div>
  )
}

const Waiting = () => (
  <p className="pending">
    <span className="unseen">Waiting for the answer</span>
    <span className="pulse" aria-hidden="true" />
  </p>
)

function Footer({ answer, text, onAgain, takesFeedback }) {
  return (
    <footer className="turn-footer">
      {text !== '' && <CopyButton text={text} label="Copy" />}
      {onAgain && (
        <button type="button" className="quiet" onClick={onAgain}>
          <Icon name="retry" />
          <span>Regenerate</span>
        </button>
      )}
      {takesFeedback && answer.chatMessageId && <Feedback answer={answer} />}
      <Figures answer={answer} />
    </footer>
  )
}

function Figures({ answer }) {
  const { tokens = 0, firstTokenMs, totalMs } = answer.timing ?? {}
  const parts = []
  if (firstTokenMs !== undefined) parts.push(`first token after ${milliseconds(firstTokenMs)}`)
  const seconds = (totalMs - firstTokenMs) / 1000
  // An answer that arrives at once has no speed.
  if (tokens > 1 && seconds > 0.1) parts.push(`${Math.round(tokens / seconds).toLocaleString('en')} tokens/s`)
  if (answer.usageMetadata?.total_tokens) parts.push(`${answer.usageMetadata.total_tokens} tokens used`)
  return parts.length > 0 && <span className="figures">{parts.join(' · ')}</span>
}

const milliseconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

function FollowUps({ prompts, onAsk }) {
  return (
    <ul className="follow-ups" aria-label="You may ask next">
      {prompts.map((prompt) => (
        <li key={prompt}>
          <button type="button" onClick={() => onAsk(prompt)}>
            {prompt}
          </button>
        </li>
      ))}
    </ul>
  )
}
