/** Chats that a person drives: each page shows messages, asks with a form, and has buttons to stop, to decide and to close. */

import assert from 'node:assert/strict'

import { until } from '../../support/until.mjs'

/** Opens pages of one site, which are closed when the test is over. */
export function visitor(t, browser, site) {
  return async (flow) => {
    const page = await browser.open(`${site.url}/?${new URLSearchParams(flow)}`)
    t.after(() => page.context().close())
    const ask = async (question) => {
      await page.fill('[name=question]', question)
      await page.press('[name=question]', 'Enter')
    }
    return { page, ask }
  }
}

/** Asks twice, stops, decides, and closes the chat in mid-answer. */
export async function useChat(open, server) {
  const said = (text) => `p.assistant:text-is("${text}")`

  for (const url of [server.sse, server.socketIo]) {
    const { page, ask } = await open({ url, chatflowId: 'scripted' })
    await ask('say Grüße, 你好 and a 🦉.')
    await page.waitForSelector(said('Grüße, 你好 and a 🦉.'))
    await page.waitForSelector('form')
    await ask('say And again.')
    await page.waitForSelector(said('And again.'))
    assert.deepEqual(await page.locator('p').evaluateAll((all) => all.map(({ className }) => className)), ['user', 'assistant', 'user', 'assistant'])
    assert.deepEqual(page.problems, [])
  }

  const url = server.sse
  const stops = async () => (await server.log('/chatmessage/abort/')).filter(({ method }) => method === 'PUT').length
  const { page, ask } = await open({ url, chatflowId: 'scripted' })
  await server.clear()
  await ask('slow long 2000')
  // It grows on the page before it is over.
  await page.waitForSelector('p.assistant:text("word1 word2")')
  await page.click('button:text("Stop")')
  await page.waitForSelector('form')
  await until(async () => (await stops()) === 1)
  assert.match(await page.locator('p.assistant').innerText(), /^word1 word2/)

  await ask('fail')
  await page.waitForSelector('[role=alert]')
  await page.waitForSelector('form')

  await ask('slow long 2000')
  await page.waitForSelector('p.assistant >> nth=2')
  await page.click('button:text("Close")')
  await until(async () => (await stops()) === 2)
  assert.equal(await page.locator('p').count(), 0)
  assert.deepEqual(page.problems, [])

  const decision = await open({ url, chatflowId: 'human' })
  await decision.ask('say Dear sir.')
  await decision.page.click('button:text-is("Proceed")')
  await decision.page.waitForSelector('p.assistant >> nth=1')
  await decision.page.waitForSelector('form')
  assert.equal(await decision.page.locator('button:text-is("Proceed")').count(), 0)
  assert.deepEqual(decision.page.problems, [])
}
