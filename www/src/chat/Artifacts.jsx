import { Suspense, lazy, useContext, useEffect, useState } from 'react'

import { Icon } from '../parts/Icon.jsx'
import { inWords } from '../parts/inWords.js'
import { saveFile } from '../parts/saveFile.js'
import { ChatContext } from './ChatContext.js'

const Markdown = lazy(() => import('../markdown/Markdown.jsx'))

const STORED = 'FILE-STORAGE::'
const PICTURES = new Set(['png', 'jpeg', 'jpg', 'gif', 'webp'])

/** Shows the artifacts of a tool: pictures, rendered Markdown, and everything else as text. Never runs HTML. */
export function Artifacts({ artifacts, chatId }) {
  return (
    <ul className="artifacts" aria-label="Made by the flow">
      {artifacts.map((artifact, index) => (
        <li key={index}>
          <Artifact type={inWords(artifact.type).toLowerCase()} data={inWords(artifact.data)} chatId={chatId} />
        </li>
      ))}
    </ul>
  )
}

function Artifact({ type, data, chatId }) {
  if (data.startsWith(STORED)) return <Stored type={type} name={data.slice(STORED.length)} chatId={chatId} />
  if (PICTURES.has(type)) {
    return <img src={data.startsWith('data:') ? data : `data:image/${type};base64,${data}`} alt={`A ${type} picture`} />
  }
  return (
    <Suspense fallback={null}>
      <Markdown text={type === 'markdown' ? data : fenced(data, type)} complete />
    </Suspense>
  )
}

/** Text as a Markdown code block. Its fence is longer than any fence in the text. */
function fenced(text, language) {
  const fence = '`'.repeat(Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** A file on the server: a picture is shown, and any file can be saved. */
function Stored({ type, name, chatId }) {
  const { server } = useContext(ChatContext)
  const [picture, setPicture] = useState()
  const isPicture = PICTURES.has(type)
  const query = new URLSearchParams({ chatflowId: server.chatflowId, chatId, fileName: name })
  const url = chatId && `${server.url}/api/v1/get-upload-file?${query}`

  useEffect(() => {
    if (!isPicture || !url) return undefined
    let made
    let wanted = true
    fetchFile(url).then(
      (blob) => {
        if (!wanted) return
        made = URL.createObjectURL(new Blob([blob], { type: `image/${type}` }))
        setPicture(made)
      },
      // The button below tries again, and shows why it fails.
      () => {},
    )
    return () => {
      wanted = false
      URL.revokeObjectURL(made)
    }
  }, [isPicture, url, type])

  return (
    <>
      {picture && <img src={picture} alt={name} />}
      <SavedFile name={name} load={url && (() => fetchFile(url))} />
    </>
  )
}

/** Files that an OpenAI Assistant has made. */
export function Annotations({ annotations, chatId }) {
  const { server } = useContext(ChatContext)
  const load = (fileName) => () =>
    fetchFile(`${server.url}/api/v1/openai-assistants-file/download`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fileName, chatflowId: server.chatflowId, chatId }),
    })
  return (
    <ul className="artifacts" aria-label="Files of the answer">
      {annotations.map(({ fileName }, index) => (
        <li key={index}>
          <SavedFile name={inWords(fileName)} load={chatId && load(fileName)} />
        </li>
      ))}
    </ul>
  )
}

/** A file by its name, with a button that saves it. */
function SavedFile({ name, load }) {
  const [problem, setProblem] = useState('')

  const save = async () => {
    setProblem('')
    try {
      saveFile(await load(), name)
    } catch {
      setProblem('The server does not give this file to the page.')
    }
  }

  return (
    <p className="saved-file">
      <Icon name="document" />
      <span>{name}</span>
      {load && (
        <button type="button" className="quiet" onClick={save} aria-label={`Save ${name}`}>
          <Icon name="download" />
          <span>Save</span>
        </button>
      )}
      {problem && <small role="alert">{problem}</small>}
    </p>
  )
}

async function fetchFile(url, options) {
  const response = await fetch(url, options)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.blob()
}
