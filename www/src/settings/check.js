/** Checks, before any question, whether a server responds and whether the chatflow can stream. Returns the result in words. */

import { Flowise, connect, stream } from 'flowise-stream'

import { describeError } from '../chat/describeError.js'

const PREDICTION = /^(.*?)\/api\/v1\/prediction\/([^/?#]+)/

/** Splits a prediction URL, as Flowise shows it, into the server's address and the chatflow's id. */
export function splitUrl(url) {
  const match = PREDICTION.exec(url)
  return match ? { url: match[1], chatflowId: decodeURIComponent(match[2]) } : { url: url.replace(/\/+$/, '') }
}

const result = (state, title, advice) => ({ state, title, advice })

/** Returns what makes the entries invalid, as a result; `undefined` if they are valid. Sends no request. */
export function findMistake({ url, chatflowId, apiKey }) {
  try {
    new URL(url)
    // Everything that the library would refuse.
    connect(url, { chatflowId, apiKey: apiKey || undefined, autoConnect: false })
  } catch (error) {
    if (error.code === 'unsupported') {
      const { title, advice } = describeError(error)
      return result('bad', title, advice)
    }
    const detail = error.code === 'config' ? ` (${error.message})` : ''
    return result('bad', 'This is no address', `It begins with http:// or https://, such as http://localhost:3000.${detail}`)
  }
  return undefined
}

/**
 * Returns `{ state, title, advice, mayAsk }`. `state`: `good`, `fair` or `bad`. `mayAsk`: only a question can tell more.
 *
 * It asks no question, which would cost the flow's owner money. So it cannot check whether the key is right.
 */
export async function checkServer({ url, chatflowId, apiKey }) {
  const mistake = findMistake({ url, chatflowId, apiKey })
  if (mistake) return mistake
  const { origin } = new URL(url)
  if (!chatflowId)
    return result('bad', 'The chatflow is missing', 'Its id is in the address of Flowise’s canvas: /canvas/…, or /agentcanvas/….')
  if (location.protocol === 'https:' && url.startsWith('http:') && !/^(localhost|127\.|\[::1\])/.test(new URL(url).host)) {
    return result(
      'bad',
      'A secure page may not call an insecure server',
      'Open this page over http, or give Flowise a certificate.',
    )
  }

  try {
    const streams = await new Flowise({ url, chatflowId, timeouts: { connect: 10_000 } }).isStreaming()
    const generation = await generationOf(url)
    const key = apiKey
      ? 'Whether the key is right shows with a question, which runs the flow.'
      : 'Whether it needs a key shows with a question, which runs the flow.'
    const found = streams
      ? result('good', 'It is there, and it streams', `${generation} ${key}`)
      : result(
          'fair',
          'It is there, but this chatflow cannot stream',
          `${generation} Its answers come in one piece: its last node, or an output parser in it, does not stream. ${key}`,
        )
    return { ...found, mayAsk: true }
  } catch (error) {
    return failed(error, origin)
  }
}

const TEST_QUESTION = 'Hello'

/** Asks the chatflow `Hello`, and stops it as soon as the answer begins. Returns a result like `checkServer`. */
export async function askServer({ url, chatflowId, apiKey }) {
  try {
    const answer = stream({ question: TEST_QUESTION }, { url, chatflowId, apiKey: apiKey || undefined })
    // A refused key also causes events; the loop throws after them.
    for await (const { event } of answer) if (event !== 'error' && event !== 'end') break
    return apiKey
      ? result('good', 'It answers, with this key', 'The flow began to answer the question “Hello”, and was stopped.')
      : result('good', 'It answers, and needs no key', 'The flow began to answer the question “Hello”, and was stopped.')
  } catch (error) {
    if (error.code === 'unauthorized') {
      return apiKey
        ? result('bad', 'The key is not accepted', 'Copy it from the API keys in Flowise. It must be the one of this chatflow.')
        : result('bad', 'The chatflow needs an API key', 'Enter the one that it has in Flowise: Configuration, API key.')
    }
    return failed(error, new URL(url).origin)
  }
}

function failed(error, origin) {
  const [title, advice] = failures(origin)[error.code] ?? ['The server answered with an error', error.message]
  return result(error.code === 'rate-limited' ? 'fair' : 'bad', title, advice)
}

const failures = (origin) => ({
  connect: [`Nothing answers at ${origin}`, 'Is Flowise running? Is the port right? Is there a VPN or a firewall in between?'],
  timeout: [`${origin} does not answer in time`, 'Is the address right? Is there a VPN or a firewall in between?'],
  cors: [
    'There is no such chatflow, or it does not allow this page',
    `From another origin the two look the same. Check the id; if it is right, add ${location.origin} to the chatflow’s allowed origins (in Flowise: Configuration, Allowed Domains), or to CORS_ORIGINS on the server.`,
  ],
  forbidden: [
    'Flowise refuses this page’s origin',
    `Add ${location.origin} to the chatflow’s allowed origins (in Flowise: Configuration, Allowed Domains).`,
  ],
  'not-found': ['Flowise is there, but has no such chatflow', 'Copy the id from the address of its canvas.'],
  unauthorized: [
    'The server wants a login',
    'Look at what stands before Flowise: a proxy, or Flowise’s own user name and password.',
  ],
  'rate-limited': ['The server is there, but asks for a pause', 'Its rate limit is reached. Try again in a minute.'],
  protocol: [
    'Something answers, but it is not Flowise',
    'Check the address, and the path if Flowise is not at the root of its host.',
  ],
})

/** Servers up to 2.0 serve Socket.IO at this path; later ones answer with their own page, or not at all. */
async function generationOf(url) {
  try {
    const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`)
    if ((await response.text()).startsWith('0{')) return 'Flowise 2.0 or older: it streams over Socket.IO.'
  } catch {
    // A refused request means the same as that page.
  }
  return 'Flowise 2.1 or newer: it streams server-sent events.'
}
