/**
 * The package in a Web Worker, as a module and as a classic script.
 */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { openFor, startBrowser } from '../support/browser.mjs'
import { bundlePage } from '../support/bundle.mjs'
import { startDevServer } from '../support/dev-server.mjs'
import { startSite } from '../support/site.mjs'

const WORKER = new URL('pages/worker.js', import.meta.url).pathname
const ANSWER = 'Grüße, 你好 and a 🦉.'

describe('the package in a worker', () => {
  let browser, site, dev

  before(async () => {
    const files = { '/module.js': await bundlePage(WORKER), '/classic.js': await bundlePage(WORKER, { format: 'iife' }) }
    ;[browser, site, dev] = await Promise.all([startBrowser(), startSite({ files }), startDevServer()])
  })
  after(() => Promise.all([browser, site, dev].map((one) => one?.stop())))

  for (const type of ['module', 'classic']) {
    for (const generation of ['2.0', '3.1']) {
      test(`a ${type} worker streams from Flowise ${generation}`, async (t) => {
        const page = await openFor(t, browser, site.url)
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
