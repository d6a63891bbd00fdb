/**
 * The recordings of real servers, in a form that tests can compare; `../recordings/README.md` describes the files.
 */

import { readFile } from 'node:fs/promises'

/**
 * What a recording asks and what came.
 *
 * @param {'2.0.7' | '3.1.4'} version
 * @param {string} name
 * @returns {Promise<{ question: object, events: Array<[name: string, data?: any]>, status: number, body: any }>} `question` is the
 *   body of the request, `body` the reply where it is JSON
 */
export async function recording(version, name) {
  const read = (file) => readFile(new URL(`../recordings/flowise-${version}/${file}`, import.meta.url), 'utf8')
  const { request, events, reply, response } = JSON.parse(await read(`${name}.json`))
  // The socket of then is gone.
  const { socketIOClientId: _, ...question } = request.body
  if (reply) return { question, events: events.map(([, ...event]) => event), status: reply.status, body: JSON.parse(reply.body) }

  const text = await read(response.bodyFile)
  if (!response.bodyFile.endsWith('.sse')) return { question, events: [], status: response.status, body: JSON.parse(text) }
  const blocks = text.split('\n').filter((line) => line.startsWith('data:'))
  return {
    question,
    events: blocks.map((line) => JSON.parse(line.slice('data:'.length))).map(({ event, data }) => [event, data]),
    status: response.status,
    body: null,
  }
}
