/**
 * `fromResponse` in Chromium: the responses of a page's own `fetch`. The same runs in Node: tests/from-response.test.mjs.
 */

import { describe } from 'node:test'

import { testResponses } from '../support/responses.mjs'
import { stage } from '../support/stage.mjs'

// a body that nobody closes would otherwise be waited for
describe('responses in a page', { timeout: 300_000 }, () => {
  const { dev, open } = stage()

  testResponses(
    async (t, act, given) => (await open(t)).evaluate(act, given),
    () => dev,
  )
})
