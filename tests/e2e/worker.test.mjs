/**
 * The package in a Web Worker, as a module and as a classic script.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { bundlePage } from '../support/bundle.mjs'
import { stage } from '../support/stage.mjs'

const WORKER = new URL('pages/worker.js', import.meta.url).pathname
const ANSWER = 'Grüße, 你好 and a 🦉.'

describe('the package in a worker', () => {
  const { dev, open } = stage({
    site: { files: async () => ({ '/module.js': await bundlePage(WORKER), '/classic.js': await bundlePage(WORKER, { format: 'iife' }) }) },
  })

  for (const type of ['module', 'classic']) {
    for (const generation of ['2.0', '3.1']) {
      test(`a ${type} worker streams from Flowise ${generation}`, async (t) => {
        const page = await open(t)
        const answer = await page.evaluate(
          ({ type, data }) => {
            const worker = new Worker(`/${type}.js`, { type })
            const answered = new Promise((resolve, reject) => {
              worker.onmessage = ({ data }) => resolve(data)
              worker.onerror = ({ message }) => reject(new Error(message))
            })
            worker.postMessage(data)
            return answered.finally(() => worker.terminate())
          },
          { type, data: { url: dev.url(generation), chatflowId: 'scripted', question: `say ${ANSWER}` } },
        )
        assert.deepEqual(answer, { text: ANSWER, heard: ANSWER, iterated: ANSWER, stored: ANSWER, chunks: ANSWER })
      })
    }
  }
})
