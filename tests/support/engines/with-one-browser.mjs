/**
 * `node with-one-browser.mjs ARGUMENTS`: runs Node with these arguments, and with one Firefox for all test files.
 *
 * Firefox needs several seconds to start, for which most files have no use. A file that wants a browser of its own kind still starts it.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { serveFirefox } from './playwright.mjs'

const browser = await serveFirefox()
const env = { ...process.env, SHARED_BROWSER: browser.address }
const tests = spawn(process.execPath, process.argv.slice(2), { env, stdio: 'inherit' })
const [code] = await once(tests, 'exit')
// the tests have told what matters, even if Firefox does not end well
await browser.close().catch(() => {})
process.exit(code ?? 1)
