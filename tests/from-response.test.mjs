/**
 * `fromResponse` in Node, as in a server between a page and Flowise. The same runs in pages: tests/e2e/from-response.test.mjs.
 */

import { describe } from 'node:test'

import { DevServer } from './support/dev-server.mjs'
import { testResponses } from './support/responses.mjs'
import { startForTests } from './support/stage.mjs'

const server = new DevServer()
startForTests(server)

// a body that nobody closes would otherwise be waited for
describe('responses in Node', { timeout: 120_000 }, () => testResponses((t, act, given) => act(given), () => server))
