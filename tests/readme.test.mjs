/** The first example of both READMEs and the recipes of the package's README, unchanged, in Chromium. */

import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'

import { openFor, startBrowser } from './support/browser.mjs'
import { bundlePages } from './support/bundle.mjs'
import { startDevServer } from './support/dev-server.mjs'
import { examples } from './support/readme.mjs'
import { startSite } from './support/site.mjs'

const FOLDER = resolve(import.meta.dirname, 'artifacts/recipes')
const REACTS = { 18: { react: 'react-18', 'react-dom': 'react-dom-18' }, 19: undefined }

const START = "createRoot(document.getElementById('root')).render(<StrictMode><Chat url={url} chatflowId={chatflowId} /></StrictMode>)"

const README = await readFile(resolve(import.meta.dirname, '../pkg/README.md'), 'utf8')
const PLAIN = /^```html\n(.*?)^```/ms.exec(README)[1]

let browser, server, site

before(async () => {
  server = await startDevServer()
  await mkdir(FOLDER, { recursive: true })
  const component = join(FOLDER, 'react.jsx')
  const lines = [
    "import { StrictMode } from 'react'; import { createRoot } from 'react-dom/client'",
    'const { url, chatflowId } = Object.fromEntries(new URLSearchParams(location.search))',
    recipe("from 'flowise-stream/react'"),
    "createRoot(document.getElementById('root')).render(<Chat />)",
  ]
  await writeFile(component, lines.join('\n'))
  const first = join(FOLDER, 'first.jsx')
  await writeFile(first, [...lines.slice(0, 2), recipe("import { connect } from 'flowise-stream'"), START].join('\n'))
  const files = {
    '/flowise-stream.js': await readFile(resolve(import.meta.dirname, '../pkg/dist/index.iife.js'), 'utf8'),
    ...(await bundlePages('react', component, REACTS)),
    ...(await bundlePages('first', first, REACTS)),
  }
  const inPlace = { 'https://unpkg.com/flowise-stream': '/flowise-stream.js', 'http://localhost:3000': server.sse, '…': 'scripted' }
  files['/plain'] = Object.entries(inPlace).reduce((page, [written, served]) => page.replace(written, served), PLAIN)
  site = await startSite({ files })
  browser = await startBrowser()
})
after(() => Promise.all([browser, site, server].map((one) => one?.stop())))

for (const version of Object.keys(REACTS)) {
  test(`the recipe for React chats, stops and chats again with React ${version}`, async (t) => {
    const page = await openFor(t, browser, `${site.url}/react-${version}?${new URLSearchParams({ url: server.sse, chatflowId: 'scripted' })}`)
    const ask = async (question) => {
      await page.fill('input[name=question]', question)
      await page.press('input[name=question]', 'Enter')
    }
    await ask('say one two three')
    await page.waitForSelector('p.assistant:text-is("one two three")')
    await page.waitForSelector('form')

    await ask('slow long 2000')
    await page.waitForFunction(() => document.querySelectorAll('p.assistant')[1]?.textContent.length > 10)
    await page.click('button:text("Stop")')
    await page.waitForSelector('form')
    assert.equal(await page.locator('p').count(), 4)

    await ask('ask')
    await page.click('button:text-is("Yes")')
    await page.waitForFunction(() => document.querySelectorAll('p.assistant')[3]?.textContent.length > 0)
    assert.equal(await page.locator('button:text-is("Yes")').count(), 0)
  })
}

for (const version of Object.keys(REACTS)) {
  for (const generation of ['sse', 'socketIo']) {
    test(`the first example streams over ${generation} and asks twice, with React ${version}`, async (t) => {
      const page = await openFor(t, browser, `${site.url}/first-${version}?${new URLSearchParams({ url: server[generation], chatflowId: 'scripted' })}`)
      const ask = async (question) => {
        await page.fill('input[name=question]', question)
        await page.press('input[name=question]', 'Enter')
      }
      await ask('say one two three')
      await page.waitForSelector('p:text-is("one two three")')
      await ask('say four')
      await page.waitForSelector('p:text-is("four")')
    })
  }
}

test('both READMEs begin with the same example', async () => {
  const root = await readFile(resolve(import.meta.dirname, '../README.md'), 'utf8')
  const [first] = examples(README)
  assert.equal(examples(root)[0].code, first.code)
  assert.match(first.code, /connect/)
})

test('the plain page shows the answer', async (t) => {
  const page = await openFor(t, browser, `${site.url}/plain`)
  await page.waitForFunction(() => document.getElementById('answer').textContent.length > 0)
  assert.equal(await page.evaluate(() => document.scripts[0].src), `${site.url}/flowise-stream.js`)
})

/** The one example that has this text in it. */
function recipe(text) {
  const found = examples(README).filter(({ code }) => code.includes(text))
  assert.equal(found.length, 1, text)
  return found[0].code
}
