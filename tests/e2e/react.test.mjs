/**
 * `flowise-stream/react` in Chromium, with React 18 and React 19.
 */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'

import { bundlePage, bundlePages } from '../support/bundle.mjs'
import { assertFlat, memoryOf } from '../support/memory.mjs'
import { needs } from '../support/needs.mjs'
import { stage } from '../support/stage.mjs'
import { until } from '../support/until.mjs'

const PAGE = new URL('pages/react.jsx', import.meta.url).pathname
/** How often a chat is mounted and unmounted, and how often before that counts: caches fill, and React's own take hundreds of times. */
const TIMES = 600
const WARM_UP = 400
/** What that may leave in the heap: compiled code, and not as much as one message for each. */
const MOST_HEAP = 250 * TIMES

const REACTS = { 18: { react: 'react-18', 'react-dom': 'react-dom-18' }, 19: undefined }

const { dev, open: openPage } = stage({ site: { files: () => bundlePages('react', PAGE, REACTS) } })

for (const version of Object.keys(REACTS)) {
  describe(`useFlowise with React ${version}`, () => {
    for (const generation of ['3.1', '2.0']) {
      test(`an answer arrives piece by piece from Flowise ${generation}`, async (t) => {
        const page = await open(t, version, { generation })
        const { message, statuses } = await page.evaluate(async () => {
          const message = await chat.send('slow say one two three four five')
          return { message, statuses: seen.statuses }
        })
        assert.equal(await page.evaluate(() => reactVersion.split('.')[0]), version)
        assert.equal(message.text, 'one two three four five')
        assert.equal(message.finishReason, 'stop')
        assert.ok(message.chatMessageId)
        await page.locator('output', { hasText: 'ready' }).waitFor()
        assert.deepEqual(await page.locator('li').allTextContents(), ['slow say one two three four five', 'one two three four five'])
        assert.deepEqual(statuses.slice(0, 3), ['ready', 'submitted', 'streaming'])
      })
    }

    test('sources, tools, thinking and follow-up prompts are members of the message', async (t) => {
      const page = await open(t, version)
      const message = await page.evaluate(() => chat.send('calculate 6*7, with sources, think, then follow up'))
      assert.equal(message.usedTools[0].toolOutput, '42')
      assert.ok(message.sourceDocuments.length > 0)
      assert.ok(message.thinking.length > 0)
      assert.ok(message.followUpPrompts.length > 0)
      assert.ok(message.followUpPrompts.every((prompt) => typeof prompt === 'string'))
    })

    test('agents and the nodes of an AgentFlow are there while they run', async (t) => {
      const page = await open(t, version, { chatflowId: 'translator' })
      const message = await page.evaluate(() => chat.send('Hello'))
      assert.ok(message.nodes.length > 0)
      assert.ok(message.nodes.every(({ status }) => status === 'FINISHED'), JSON.stringify(message.nodes))
    })

    test('stop keeps the text so far, stops the server, and the chat continues', async (t) => {
      const page = await open(t, version)
      await dev.clear()
      const outcome = await page.evaluate(async () => {
        const sent = chat.send('long 500 slow')
        await until(() => chat.messages.at(-1)?.text.includes('word2'))
        const { reached } = await chat.stop()
        const stopped = await sent
        const next = await chat.send('say after all')
        return { reached, stopped, next, texts: chat.messages.length }
      })
      assert.equal(outcome.reached, true)
      assert.equal(outcome.stopped.finishReason, 'aborted')
      assert.match(outcome.stopped.text, /^word1 word2/)
      assert.equal(outcome.next.text, 'after all')
      const aborts = await dev.log('/chatmessage/abort/')
      assert.equal(aborts.filter(({ method }) => method === 'PUT').length, 1)
    })

    test('regenerate asks the last question again', async (t) => {
      const page = await open(t, version)
      const ids = await page.evaluate(async () => {
        const first = await chat.send('say again')
        const second = await chat.regenerate()
        await until(() => chat.status === 'ready')
        return { first: first.id, second: second.id, roles: chat.messages.map(({ role }) => role), text: second.text }
      })
      assert.notEqual(ids.first, ids.second)
      assert.deepEqual(ids.roles, ['user', 'assistant'])
      assert.equal(ids.text, 'again')
    })

    for (const [chatflowId, questionAsked, generation] of [
      ['ask', 'calculate 6*7', '3.1'],
      ['ask', 'calculate 6*7', '2.0'],
      ['human', 'say Dear sir.', '3.1'],
    ]) {
      test(`resume continues ${chatflowId} of Flowise ${generation}, which asks a person`, async (t) => {
        const page = await open(t, version, { chatflowId, generation })
        const { asked, answer, decision, chats } = await page.evaluate(async (question) => {
          const asked = await chat.send(question)
          const before = chat.chatId
          const answer = await chat.resume('proceed')
          return { asked, answer, decision: chat.messages[1].decision, chats: [before, chat.chatId] }
        }, questionAsked)
        assert.ok(asked.action.elements.length === 2)
        assert.equal(decision, 'proceed')
        assert.equal(chats[0], chats[1])
        assert.ok(answer.text.length > 0)
        const bodies = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))
        const { action, humanInput } = bodies.find(({ chatId, question }) => chatId === chats[0] && question !== questionAsked) ?? {}
        if (chatflowId === 'human') assert.deepEqual(humanInput, { type: 'proceed', feedback: '', startNodeId: asked.action.data.nodeId })
        else assert.deepEqual(action, asked.action)
      })
    }

    test('an error is the state of the chat, and one can ask again', async (t) => {
      const page = await open(t, version)
      const { failed, statuses, next } = await page.evaluate(async () => {
        const failed = await chat.send('drop')
        await until(() => chat.status === 'error')
        const statuses = [...seen.statuses]
        const next = await chat.send('say fine')
        return { failed: { text: failed.text, code: failed.error.code, reason: failed.finishReason }, statuses, next: next.text }
      })
      assert.deepEqual([failed.code, failed.reason], ['server', 'error'])
      assert.ok(failed.text.length > 0)
      assert.equal(statuses.at(-1), 'error')
      assert.equal(next, 'fine')
      assert.deepEqual(await page.evaluate(() => seen.failed), ['server'])
    })

    test('a second question is refused during an answer', async (t) => {
      const page = await open(t, version)
      const code = await page.evaluate(async () => {
        const sent = chat.send('long 50 slow')
        const refused = await chat.send('too early').catch((error) => error.code)
        await chat.stop()
        await sent
        return refused
      })
      assert.equal(code, 'config')
    })

    test('there is at most one render per frame, however fast tokens arrive', async (t) => {
      const page = await open(t, version)
      const { renders, framesWithTwo, frames, elapsed, text } = await page.evaluate(async () => {
        await chat.send('say warm')
        await until(() => chat.status === 'ready')
        Object.assign(seen, { renders: 0, framesWithTwo: 0 })
        const frames = countFrames()
        const begun = performance.now()
        const { text } = await chat.send('long 20000 fast')
        await until(() => chat.status === 'ready')
        return { renders: seen.renders, framesWithTwo: seen.framesWithTwo, frames: frames(), elapsed: performance.now() - begun, text }
        function countFrames() {
          let count = 0
          const next = () => count++ >= 0 && requestAnimationFrame(next)
          next()
          return () => count
        }
      })
      assert.equal(text.split(' ').length, 20000)
      // the question, and the end, which is shown at once, may share their frame with another
      assert.ok(framesWithTwo <= 2, `${framesWithTwo} frames had two renders`)
      // without a frame there is one now and then all the same
      const most = frames + elapsed / 250 + 3
      assert.ok(renders <= most, `${renders} renders in ${frames} frames`)
      t.diagnostic(`${renders} renders in ${frames} frames, for 20,000 tokens`)
    })

    test('what the end of an answer shows is not shown again in the next frame', async (t) => {
      const page = await open(t, version)
      const isSame = await page.evaluate(async () => {
        // the last tokens and the end arrive together, before a frame
        await chat.send('long 2000 fast')
        const { getSnapshot } = chat.chat
        const last = getSnapshot()
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
        return getSnapshot() === last
      })
      assert.ok(isSame)
    })

    test('a hidden page is notified, too', async (t) => {
      const page = await open(t, version)
      const text = await page.evaluate(async () => {
        Object.defineProperty(document, 'hidden', { get: () => true })
        window.requestAnimationFrame = () => 0
        const sent = chat.send('long 100 slow')
        await until(() => chat.messages.at(-1)?.text.includes('word3'))
        const { text } = chat.messages.at(-1)
        await chat.stop()
        await sent
        return text
      })
      assert.match(text, /word3/)
    })

    test('unmounting stops the answer', async (t) => {
      const page = await open(t, version)
      await page.evaluate(async () => {
        window.sent = chat.send('long 500 slow')
        await until(() => chat.messages.at(-1)?.text.includes('word2'))
        show(false)
        await sent
      })
      await page.locator('p', { hasText: 'closed' }).waitFor()
      assert.equal(await page.evaluate(() => sent.then(({ finishReason }) => finishReason)), 'aborted')
    })

    test('StrictMode mounts twice and leaves nothing behind', async (t) => {
      const page = await open(t, version, { strict: '1' })
      const { text } = await page.evaluate(() => chat.send('say strictly'))
      assert.equal(text, 'strictly')
      assert.equal(await page.evaluate(() => seen.finished.length), 1)
      await page.evaluate(() => show(false))
      await page.locator('p', { hasText: 'closed' }).waitFor()
      await until(async () => (await dev.connections()).streams === 0)
    })

    for (const strict of ['', '1']) {
      test(`a question on mount is asked once${strict && ', in StrictMode too'}`, async (t) => {
        await dev.clear()
        const page = await open(t, version, { strict, question: 'slow say mounted' })
        await page.waitForFunction((times) => seen.mounted.length === times, strict ? 2 : 1)
        assert.deepEqual(await page.evaluate(() => [...new Set(seen.mounted)]), ['mounted'])
        assert.deepEqual(await page.locator('li').allTextContents(), ['slow say mounted', 'mounted'])
        assert.equal((await dev.log('/prediction/')).filter(({ method }) => method === 'POST').length, 1)
        assert.deepEqual(await dev.log('/chatmessage/abort/'), [])
      })
    }

    test('a render that React discards changes nothing', async (t) => {
      const page = await open(t, version)
      await page.evaluate(() => chat.send('say kept'))
      await page.evaluate(() => showFlow('tool'))
      await page.waitForFunction(() => seen.waitsFor === 'tool')
      await page.evaluate(() => renderAgain())
      await page.evaluate(() => chat.send('say too'))
      assert.deepEqual(await page.locator('li').allTextContents(), ['say kept', 'kept', 'say too', 'too'])
    })

    test('changed options apply to the next question; another chatflow is another chat, and stops the answer of this one', async (t) => {
      const page = await open(t, version)
      await dev.clear()
      const seen = await page.evaluate(async () => {
        await chat.send('say kept')
        giveOptions({ data: { leadEmail: 'me@example.com' } })
        await until(() => given.data)
        window.sent = chat.send('long 100 slow')
        await until(() => chat.messages.at(-1)?.text.includes('word2'))
        const texts = chat.messages.length
        giveOptions({ chatflowId: 'scripted-chain' })
        await until(() => given.chatflowId)
        const others = chat.messages.length
        const { finishReason } = await sent
        const { text } = await chat.send('say other')
        return { texts, others, finishReason, text }
      })
      assert.deepEqual(seen, { texts: 4, others: 0, finishReason: 'aborted', text: 'other' })
      const posts = (await dev.log('/prediction/')).filter(({ method }) => method === 'POST')
      assert.deepEqual(
        posts.map(({ path, body }) => [path.split('/').at(-1), JSON.parse(body).leadEmail]),
        [['scripted', undefined], ['scripted', 'me@example.com'], ['scripted-chain', undefined]],
      )
    })

    test(`a chat that mounts and unmounts ${TIMES} times, with a whole or partial answer, leaves nothing behind`, needs('memory'), async (t) => {
      const page = await open(t, version)
      const memory = await memoryOf(page, {})
      await page.evaluate(comeAndGo, WARM_UP)
      const before = await memory.measure()
      await page.evaluate(comeAndGo, TIMES)
      const after = await memory.measure()
      assertFlat(t, before, after, { heap: MOST_HEAP, wasm: 2 * 65_536 })
    })
  })
}

for (const [version, alias] of Object.entries(REACTS)) {
  test(`React ${version} renders the messages that a chat begins with on a server, and nothing is asked`, async () => {
    const module = await bundlePage(new URL('pages/server.jsx', import.meta.url).pathname, { alias })
    const options = { url: dev.sse, chatflowId: 'chain', messages: [{ id: '1', role: 'user', text: 'Hello' }] }
    await dev.clear()
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-', JSON.stringify(options)], { input: module, encoding: 'utf8' })
    assert.equal(stdout, '<p>ready: Hello</p>\n')
    assert.deepEqual(await dev.log('/api/'), [])
  })
}

/** Mounts and unmounts the page's chat; some answers are still on their way then. */
async function comeAndGo(times) {
  for (let time = 0; time < times; time++) {
    show(false)
    await until(() => !document.querySelector('output'))
    window.chat = undefined
    show(true)
    await until(() => window.chat)
    if (time % 10) {
      await chat.send('fast say Hello.')
    } else {
      window.sent = chat.send('long 500 slow')
      await until(() => chat.status === 'streaming')
      show(false)
      await sent
    }
  }
  for (const list of [seen.statuses, seen.finished, seen.failed]) list.length = 0
}

async function open(t, version, { generation = '3.1', chatflowId = 'scripted', strict = '', question = '' } = {}) {
  const search = new URLSearchParams({ url: dev.url(generation), chatflowId, ...(strict && { strict }), ...(question && { question }) })
  const page = await openPage(t, `/react-${version}?${search}`)
  await page.waitForFunction(() => window.chat)
  await page.evaluate(() => {
    window.until = (holds) =>
      new Promise((resolve) => {
        const look = () => (holds() ? resolve() : setTimeout(look))
        look()
      })
  })
  return page
}
