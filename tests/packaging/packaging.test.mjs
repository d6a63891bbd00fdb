/**
 * The installed package in typical projects. Each is built by its tool, with only the configuration of the tool's own template, and
 * runs against the dev server.
 */

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'

import { Browser } from '../support/browser.mjs'
import { DevServer } from '../support/dev-server.mjs'
import { startForTests } from '../support/stage.mjs'
import { until } from '../support/until.mjs'
import { FRAMEWORKS } from './support/frameworks.mjs'
import { install } from './support/install.mjs'
import { useChat, visitor } from './support/person.mjs'
import { COMING_FROM, FRONT_ENDS, SNIPPET_IN_NEXT } from './support/ports.mjs'
import { PROJECTS, TOOLKITS } from './support/projects.mjs'
import { makeProject } from './support/project.mjs'

const QUESTION = 'say Grüße, 你好 and a 🦉.'
const ANSWER = 'Grüße, 你好 and a 🦉.'
/** What a project answers with: the same text in each way to ask, but those that it cannot have. */
const WAYS = ['text', 'heard', 'iterated', 'stored', 'chunks', 'hooked']
const whole = ({ without = [], also = [] }) =>
  Object.fromEntries([...WAYS.filter((way) => !without.includes(way)), ...also].map((way) => [way, ANSWER]))
const INSTALL_LIMIT_MS = 300_000

const [browser, server] = [new Browser(), new DevServer()]
let installed

before(async () => (installed = await install()), { timeout: INSTALL_LIMIT_MS })
startForTests(browser, server)

describe('the package as it is installed', () => {
  test('it holds what it exports, and nothing that it does not need', () => {
    assert.ok(installed.files.every((file) => /^(dist\/|([\w-]+\/)?package\.json$|README|LICENSE)/.test(file)), installed.files.join(' '))
    for (const target of installed.targets) assert.ok(installed.files.includes(target.replace('./', '')), `${target} is missing`)
  })

  test('publint finds nothing', async () => assert.equal(await installed.publint(), ''))

  test('the types are right for every way to resolve them', async () => assert.equal(await installed.attw(), ''))
})

// a build leaves a processor idle for a part of its time
describe('projects', { concurrency: 2 }, () => {
  for (const [name, project] of Object.entries(PROJECTS)) {
    for (const generation of ['3.1', '2.0']) {
      const flow = () => ({ url: server.url(generation), chatflowId: 'scripted', question: QUESTION })

      if (project.run) {
        test(`${name} streams from Flowise ${generation}`, async () => {
          const made = await makeProject(name, project)
          assert.deepEqual(JSON.parse(await made.run(flow())), whole(project))
        })
      } else if (project.page !== undefined) {
        test(`${name}: a page streams from Flowise ${generation}`, async (t) => {
          const made = await makeProject(name, project)
          const site = await made.serve()
          t.after(() => site.stop())
          const page = await browser.open(`${site.url}/${project.page}?${new URLSearchParams(flow())}`)
          t.after(() => page.context().close())
          const answer = await page.waitForFunction(() => window.answer, undefined, { timeout: 60_000 })
          assert.deepEqual(await answer.jsonValue(), whole(project), page.problems.join('\n'))
          assert.deepEqual(page.problems, [])
          await project.check?.(site, page)
        })
      }
    }
    if (project.test) test(`${name}: its tests pass`, async () => (await makeProject(name, project)).build())
  }
})

describe('frameworks', () => {
  for (const [name, project] of Object.entries(FRAMEWORKS)) {
    test(`${name}: a person asks, stops, decides, and closes the chat`, async (t) => {
      const made = await makeProject(name, project)
      const site = await made.serve()
      t.after(() => site.stop())
      await useChat(visitor(t, browser, site), server)
    })
  }
})

describe('what front ends do today', () => {
  for (const [way, generations] of Object.entries(FRONT_ENDS)) {
    for (const generation of generations) {
      test(`coming from ${way}: a page streams from Flowise ${generation}`, async (t) => {
        const site = await (await makeProject('Coming from', COMING_FROM)).serve()
        t.after(() => site.stop())
        const flow = { way, url: server.url(generation), chatflowId: 'scripted', questions: `${QUESTION}|say ${ANSWER}` }
        const { page } = await visitor(t, browser, site)(flow)
        const answers = await (await page.waitForFunction(() => window.answer)).jsonValue()
        // The chat of the store has both answers on the page.
        const both = way.startsWith('flowise-embed') ? ANSWER + ANSWER : ANSWER
        assert.deepEqual(answers, [ANSWER, both], page.problems.join('\n'))
        assert.deepEqual(page.problems, [])
      })
    }
  }

  for (const generation of ['3.1', '2.0']) {
    test(`the snippet in a page of Next.js, with StrictMode and navigation, streams from Flowise ${generation}`, async (t) => {
      const made = await makeProject('The snippet in Next.js', SNIPPET_IN_NEXT)
      const site = await made.serve({ NEXT_PUBLIC_FLOWISE_URL: server.url(generation) })
      t.after(() => site.stop())
      await server.clear()
      const { page, ask } = await visitor(t, browser, site)({})
      for (const answer of ['one two three', 'four five']) {
        await page.waitForSelector('form')
        await ask(`say ${answer}`)
        await page.waitForSelector(`.response:text-is("${answer}")`)
        assert.equal(await page.locator('.answer').innerText(), answer)
        await page.click('a:text("About")')
        await page.click('a:text("Back")')
      }
      assert.equal((await server.log('/prediction/')).filter(({ method }) => method === 'POST').length, 2)
      assert.deepEqual(page.problems, [])
    })
  }
})

describe('chat toolkits', () => {
  const posts = async (path) => (await server.log(path)).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))

  test('assistant-ui: a person asks, listens, decides, asks again, gives feedback and stops', async (t) => {
    const made = await makeProject('assistant-ui', TOOLKITS['assistant-ui'])
    const site = await made.serve()
    t.after(() => site.stop())
    const open = async (chatflowId) => {
      const page = await browser.open(`${site.url}/?${new URLSearchParams({ url: server.sse, chatflowId })}`)
      t.after(() => page.context().close())
      const ask = async (question) => {
        await page.fill('textarea', question)
        await page.press('textarea', 'Enter')
      }
      return { page, ask }
    }
    const { page, ask } = await open('scripted')
    await server.clear()
    await ask('calculate 6*7, with sources, think')
    await page.waitForSelector('.assistant .text:text-is("The answer is 42.")')
    await page.waitForSelector('.tool output:text-is("\\"42\\"")')
    assert.ok(await page.locator('.thinking').count())
    assert.ok(await page.locator('.assistant a[href^="http"]').count())
    await page.click('button:text("Good")')
    const [feedback] = await until(async () => (await posts('/feedback/')).length > 0).then(() => posts('/feedback/'))
    const [question] = await posts('/prediction/')
    assert.deepEqual([feedback.rating, feedback.chatId, typeof feedback.messageId], ['THUMBS_UP', question.chatId, 'string'])
    await page.click('button:text("Listen")')
    await until(async () => (await posts('/text-to-speech/')).length > 0)
    assert.equal((await posts('/text-to-speech/'))[0].text, 'The answer is 42.')
    await page.waitForSelector('button:text("Silence")')
    await page.waitForSelector('button:text("Listen")')
    await page.click('button:text("Again")')
    await until(async () => (await posts('/prediction/')).length === 2)
    await page.waitForSelector('button:text("Send")')
    assert.equal(await page.locator('.user').count(), 1)

    await ask('long 2000 slow')
    await page.waitForSelector('.assistant .text:text("word1 word2")')
    await page.click('button:text("Stop")')
    await until(async () => (await server.log('/chatmessage/abort/')).some(({ method }) => method === 'PUT'))
    await page.waitForSelector('button:text("Send")')
    assert.deepEqual(page.problems, [])

    for (const [decision, type] of [['Yes', 'proceed'], ['No', 'reject']]) {
      const { page, ask } = await open('human')
      await ask('say Dear sir.')
      await page.waitForSelector('.tool output:text-is("waits")')
      await server.clear()
      await page.click(`button:text("${decision}")`)
      await until(async () => (await posts('/prediction/')).length > 0)
      await page.waitForSelector('button:text("Send")')
      assert.deepEqual((await posts('/prediction/')).map(({ humanInput }) => humanInput.type), [type])
      assert.deepEqual(page.problems, [])
    }
  })

  test('CopilotKit: a person asks, decides and stops through its hooks', async (t) => {
    const made = await makeProject('CopilotKit', TOOLKITS.CopilotKit)
    const site = await made.serve()
    t.after(() => site.stop())
    const open = visitor(t, browser, site)

    for (const url of [server.sse, server.socketIo]) {
      const { page, ask } = await open({ url, chatflowId: 'scripted' })
      await server.clear()
      await ask(QUESTION)
      await page.waitForSelector(`p.assistant:text-is("${ANSWER}")`)
      await ask('calculate 6*7')
      await page.waitForSelector('p.tool:text-is("42")')
      await page.waitForSelector('form')
      const [first, second] = await posts('/prediction/')
      assert.equal(first.chatId, second.chatId)
      assert.deepEqual(page.problems, [])
    }

    const { page, ask } = await open({ url: server.sse, chatflowId: 'scripted' })
    await server.clear()
    await ask('long 2000 slow')
    await page.waitForSelector('p.assistant:text("word1 word2")')
    await page.click('button:text("Stop")')
    await until(async () => (await server.log('/chatmessage/abort/')).some(({ method }) => method === 'PUT'))
    await page.waitForSelector('form')
    assert.match(await page.locator('p.assistant').innerText(), /^word1 word2/)
    assert.deepEqual(page.problems, [])

    for (const [decision, type] of [['Yes', 'proceed'], ['No', 'reject']]) {
      const { page, ask } = await open({ url: server.sse, chatflowId: 'human' })
      await ask('say Dear sir.')
      await page.waitForSelector('.decision')
      await server.clear()
      await page.click(`button:text("${decision}")`)
      await until(async () => (await posts('/prediction/')).length > 0)
      await page.waitForSelector('form')
      assert.deepEqual((await posts('/prediction/')).map(({ humanInput }) => humanInput.type), [type])
      assert.deepEqual(page.problems, [])
    }
  })
})
