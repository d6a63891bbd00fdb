import { Suspense, lazy, memo, useContext } from 'react'

import { CopyButton } from '../parts/CopyButton.jsx'
import { Icon } from '../parts/Icon.jsx'
import { Annotations, Artifacts } from './Artifacts.jsx'
import { ChatContext } from './ChatContext.js'
import { Decision } from './Decision.jsx'
import { Failure } from './Failure.jsx'
import { Feedback } from './Feedback.jsx'
import { Files } from './Files.jsx'
import { Silence } from './Silence.jsx'
import { Sources } from './Sources.jsx'
import { Steps } from './Steps.jsx'
import { Thinking } from './Thinking.jsx'
import { Tools } from './Tools.jsx'
import { isOver } from './turn.js'

const Markdown = lazy(() => import('../markdown/Markdown.jsx'))

/** A question and its answer. A turn that is over is not rendered again. */
export const Turn = memo(function Turn({ turn, isLast, busy }) {
  const { ask, config, onSettings } = useContext(ChatContext)
  const over = isOver(turn)
  // What was played from a recording has no server that could go on from there.
  const canAsk = isLast && !turn.replayed
  const again = () => ask({ question: turn.question, shown: turn.shown, body: turn.body, files: turn.files }, turn)
  const isWaiting = !over && turn.text === '' && turn.thinking === '' && turn.steps.length === 0

  return (
    <article className={`turn ${turn.status}`} data-status={turn.status}>
      <div className="question">
        <h2>
          <span className="unseen">You: </span>
          {turn.shown}
        </h2>
        {turn.files.length > 0 && <Files files={turn.files} />}
      </div>
      <div className="answer" aria-busy={!over}>
        {turn.thinking !== '' && (
          <Thinking text={turn.thinking} seconds={turn.thinkingSeconds} active={!over && turn.text === ''} />
        )}
        {turn.steps.length > 0 && <Steps steps={turn.steps} active={!over} />}
        {turn.tools.length > 0 && <Tools tools={turn.tools} />}
        {isWaiting && <Waiting />}
        {turn.text !== '' && <Text text={turn.text} complete={over} />}
        {!over && <Silence since={turn.lastEventAt} />}
        {turn.status === 'done' && turn.text === '' && !turn.action && turn.artifacts.length === 0 && <p className="empty">The answer is empty.</p>}
        {turn.artifacts.length > 0 && <Artifacts artifacts={turn.artifacts} chatId={turn.prediction?.chatId} />}
        {turn.annotations.length > 0 && <Annotations annotations={turn.annotations} chatId={turn.prediction?.chatId} />}
        {turn.sources.length > 0 && <Sources sources={turn.sources} />}
        {turn.status === 'failed' && <Failure error={turn.error} onRetry={canAsk ? again : undefined} onSettings={onSettings} />}
        {turn.status === 'stopped' && <p className="stopped">Stopped. What had arrived is kept.</p>}
        {over && turn.action && isLast && <Decision action={turn.action} onAsk={canAsk ? ask : undefined} />}
        {over && (
          <Footer
            turn={turn}
            onAgain={canAsk && !busy && turn.status !== 'failed' ? again : undefined}
            takesFeedback={Boolean(config?.chatFeedback?.status)}
          />
        )}
        {over && canAsk && turn.followUps.length > 0 && <FollowUps prompts={turn.followUps} onAsk={ask} />}
      </div>
    </article>
  )
})

// More than anybody reads, and than a browser lays out without a pause. Copying takes all of it.
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

function Footer({ turn, onAgain, takesFeedback }) {
  return (
    <footer className="turn-footer">
      {turn.text !== '' && <CopyButton text={turn.text} label="Copy" />}
      {onAgain && (
        <button type="button" className="quiet" onClick={onAgain}>
          <Icon name="retry" />
          <span>Regenerate</span>
        </button>
      )}
      {takesFeedback && turn.prediction?.chatMessageId && !turn.replayed && <Feedback prediction={turn.prediction} />}
      <Figures turn={turn} />
    </footer>
  )
}

function Figures({ turn }) {
  const parts = []
  if (turn.firstTokenAt) parts.push(`first token after ${milliseconds(turn.firstTokenAt - turn.askedAt)}`)
  const seconds = (turn.endedAt - turn.firstTokenAt) / 1000
  // What comes at once has no speed.
  if (turn.tokens > 1 && seconds > 0.1) parts.push(`${Math.round(turn.tokens / seconds).toLocaleString('en')} tokens/s`)
  if (turn.usage?.total_tokens) parts.push(`${turn.usage.total_tokens} tokens used`)
  return parts.length > 0 && <span className="figures">{parts.join(' · ')}</span>
}

const milliseconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

function FollowUps({ prompts, onAsk }) {
  return (
    <ul className="follow-ups" aria-label="You may ask next">
      {prompts.map((prompt) => (
        <li key={prompt}>
          <button type="button" onClick={() => onAsk({ question: prompt })}>
            {prompt}
          </button>
        </li>
      ))}
    </ul>
  )
}
