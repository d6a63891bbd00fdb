/**
 * What a page does about answers that an earlier page lost: the store of `flowise-stream/store` after a reload.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { KEY, answered, broken, inTab, load, memoryStorage, settled, texts, titles } from './support/chats.mjs'
import { until } from './support/until.mjs'

describe('a page that is left during an answer', () => {
  test('finds the question and the partial answer, marked as interrupted, and sends nothing by itself', async () => {
    const storage = memoryStorage()
    const before = await load(storage)
    await answered(before, 'One')
    before.chat.send('Two')
    const asked = before.flow.last.body.chatId
    before.flow.last.say('token', 'Half of')
    await until(() => [...storage.items.values()].some((text) => text.includes('Half of')))
    const after = await load(storage)
    assert.deepEqual(texts(after), ['One', 'Answer to One', 'Two', 'Half of'])
    assert.equal(after.now().messages.at(-1).finishReason, 'interrupted')
    assert.deepEqual([after.flow.runs.length, after.now().status], [0, 'ready'])
    // The run may go on: the next question keeps out of its way, with the same memory.
    await answered(after, 'Three')
    assert.notEqual(after.flow.last.body.chatId, asked)
    assert.deepEqual(after.flow.last.body.overrideConfig, { sessionId: asked })
  })

  test('keeps the last tokens when it hides', () =>
    inTab(async (tell) => {
      const storage = memoryStorage()
      const before = await load(storage)
      before.chat.send('One')
      before.flow.last.say('token', 'Just now')
      tell('pagehide')
      const kept = () => [...storage.items.values()].find((text) => text.includes('Just now'))
      const atOnce = kept()
      assert.match(atOnce, /"finishReason":"interrupted"/)
      before.flow.last.fail(broken())
      await settled()
      assert.equal(kept(), atOnce)
      // A page that was only put aside goes on.
      tell('pageshow')
      await settled()
      assert.match(kept(), /"message":"broke"/)
      before.close()
    }))

  test('finds the same if its connection broke just before', async () => {
    const storage = memoryStorage()
    const before = await load(storage)
    const sent = before.chat.send('One')
    const asked = before.flow.last.body.chatId
    before.flow.last.fail(broken({ text: 'Half', chatId: asked, finishReason: 'error' }))
    await sent
    await settled()
    const after = await load(storage)
    const { text, finishReason, error } = after.now().messages.at(-1)
    assert.deepEqual([text, finishReason, error], ['Half', 'interrupted', undefined])
    await answered(after, 'Two')
    assert.notEqual(after.flow.last.body.chatId, asked)
    assert.deepEqual(after.flow.last.body.overrideConfig, { sessionId: asked })
  })

  test('finds the question even if nothing had arrived', async () => {
    const storage = memoryStorage()
    const before = await load(storage)
    before.chat.send('One')
    await until(() => titles(before).length === 1)
    const after = await load(storage)
    assert.deepEqual(after.now().messages.map(({ text, finishReason }) => [text, finishReason]), [['One', undefined], ['', 'interrupted']])
  })

  test('completes the answer in place when the server has finished it meanwhile', async () => {
    const storage = memoryStorage()
    const before = await load(storage)
    before.chat.send('One')
    before.flow.last.say('token', 'Half')
    const { chatId } = before.flow.last.body
    await until(() => [...storage.items.values()].some((text) => text.includes('Half')))
    const requests = []
    const history = async (request) => {
      requests.push(request)
      return [
        { role: 'userMessage', content: 'One', chatId },
        { role: 'apiMessage', content: 'Half and whole', id: 'm', chatId, sourceDocuments: [{ pageContent: 'p' }], followUpPrompts: '["More?"]' },
      ]
    }
    const after = await load(storage, { history })
    await until(() => after.now().messages.at(-1).finishReason === 'stop')
    const answer = after.now().messages.at(-1)
    assert.deepEqual([answer.text, answer.chatMessageId, answer.followUpPrompts], ['Half and whole', 'm', ['More?']])
    assert.equal(answer.sourceDocuments[0].pageContent, 'p')
    assert.deepEqual(requests, [{ chatId, sessionId: chatId }])
    assert.equal(after.flow.runs.length, 0)
    await settled()
    assert.equal((await load(storage)).now().messages.at(-1).text, 'Half and whole')
  })

  test('asks Flowise itself for it, with its API key and as it makes other requests', async () => {
    const storage = memoryStorage()
    const before = await load(storage)
    before.chat.send('One')
    await until(() => titles(before).length === 1)
    const seen = []
    const fetch = async (url, { headers, credentials }) => {
      seen.push([url, Object.fromEntries(headers), credentials])
      return Response.json([{ role: 'userMessage', content: 'One' }, { role: 'apiMessage', content: 'Whole' }])
    }
    const onRequest = ({ headers }) => headers.set('x-page', '2')
    const after = await load(storage, { history: true, fetch, headers: async () => ({ 'x-own': '1' }), credentials: 'include', onRequest })
    await until(() => texts(after).includes('Whole'))
    const url = `https://flowise.example.com/api/v1/chatmessage/flow?tenant=secret&chatId=${before.flow.last.body.chatId}&order=ASC`
    assert.deepEqual(seen, [[url, { 'x-own': '1', 'x-page': '2', authorization: `Bearer ${KEY}` }, 'include']])
  })
})

test('an earlier answer to the same question does not complete the lost one', async () => {
  const rows = [{ role: 'userMessage', content: 'Again' }, { role: 'apiMessage', content: 'First', id: 'first' }]
  let asked = 0
  const history = async () => {
    if (asked++ > 0) rows.push({ role: 'userMessage', content: 'Again' }, { role: 'apiMessage', content: 'Second', id: 'second' })
    return rows
  }
  const it = await load(undefined, { history })
  await answered(it, 'Again', { text: 'First', chatMessageId: 'first' })
  const sent = it.chat.send('Again')
  it.flow.last.fail(broken({ text: 'Se' }))
  await sent
  await until(() => it.now().messages.at(-1).finishReason === 'stop')
  assert.deepEqual(texts(it), ['Again', 'First', 'Again', 'Second'])
})

test('an answer whose connection broke is completed from the history, too', async () => {
  const history = async () => [{ role: 'userMessage', content: 'One' }, { role: 'apiMessage', content: 'Whole' }]
  const it = await load(undefined, { history })
  const sent = it.chat.send('One')
  it.flow.last.fail(broken({ text: 'Ha' }))
  await sent
  await until(() => texts(it).includes('Whole'))
  assert.deepEqual([it.now().status, it.now().error, it.now().messages.at(-1).error], ['ready', undefined, undefined])
})

test('a pending decision keeps its buttons, and can be answered', async () => {
  const storage = memoryStorage()
  const action = { id: 'a', mapping: { approve: 'Yes', reject: 'No' }, elements: [{ type: 'agentflowv2-approve-button', label: 'Yes' }], data: { nodeId: 'n' } }
  const before = await load(storage)
  await answered(before, 'Book it', { action })
  await settled()
  const after = await load(storage)
  assert.deepEqual(after.now().pendingAction, action)
  after.chat.resume('proceed')
  assert.deepEqual(after.flow.last.body.humanInput, { type: 'proceed', feedback: '', startNodeId: 'n' })
  assert.equal(after.flow.last.body.chatId, before.now().chatId)
})
