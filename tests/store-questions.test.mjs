/**
 * Questions of the store of `flowise-stream/store` other than the next one: asked again, edited, queued, or a form.
 */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

import { FlowiseError } from 'flowise-stream'
import { resumption } from 'flowise-stream/store'

import { answered, broken, chatWith } from './support/chats.mjs'

test('a decision becomes what the Rust API makes of the same', () => {
  // `tests/answers.rs` reads the same file
  for (const { name, action, decision, feedback, body } of JSON.parse(readFileSync(new URL('decisions.json', import.meta.url)))) {
    const made = resumption(action, decision, feedback)
    if (!feedback) delete made.humanInput?.feedback
    assert.deepEqual(made, body, name)
  }
})

test('a decision about buttons that are none goes to the agent', () => {
  const action = { id: '1', elements: [null, {}, { type: 1 }] }
  assert.deepEqual(resumption(action, 'reject'), { question: 'No', action })
  assert.deepEqual(resumption({ ...action, elements: 'odd' }, 'proceed').question, 'Yes')
})

describe('edit and regenerate', () => {
  const twoTurns = async (options) => {
    const it = chatWith(options)
    await answered(it, 'One', { sessionId: 'memory' })
    await answered(it, 'Two')
    return it
  }
  const history = [
    { role: 'userMessage', content: 'One' },
    { role: 'apiMessage', content: 'Answer to One' },
  ]

  test('an edited question removes later messages, and its memory holds only earlier ones', async () => {
    const it = await twoTurns()
    const before = it.now().chatId
    const [, , second] = it.now().messages
    const sent = it.chat.edit(second.id, 'Three')
    assert.deepEqual(it.now().messages.map(({ text }) => text), ['One', 'Answer to One', 'Three'])
    assert.equal(it.now().messages[2].id, second.id)
    const { question, chatId, history: told, overrideConfig } = it.flow.last.body
    assert.deepEqual([question, told, overrideConfig], ['Three', history, undefined])
    assert.notEqual(chatId, before)
    assert.equal(it.now().chatId, chatId)
    it.flow.last.end({ text: 'Answer' })
    await sent
    // Flowise does not keep what it is told: each question of the conversation has it.
    await answered(it, 'Four')
    assert.deepEqual([it.flow.last.body.chatId, it.flow.last.body.history], [chatId, history])
  })

  test('the first question has no history', async () => {
    const it = await twoTurns()
    it.chat.edit(it.now().messages[0].id, 'Zero')
    assert.equal(it.flow.last.body.history, undefined)
    assert.equal(it.now().messages.length, 1)
  })

  test('regenerate asks the last question in the same way', async () => {
    const it = await twoTurns()
    const before = it.now().chatId
    it.chat.regenerate()
    const { question, chatId, history: told } = it.flow.last.body
    assert.deepEqual([question, told], ['Two', history])
    assert.notEqual(chatId, before)
  })

  test('a memory that the page has chosen is left as well', async () => {
    const it = await twoTurns({ overrideConfig: { sessionId: 'mine', vars: {} } })
    assert.deepEqual(it.flow.last.body.overrideConfig, { sessionId: 'mine', vars: {} })
    it.chat.regenerate()
    assert.deepEqual(it.flow.last.body.overrideConfig, { sessionId: it.flow.last.body.chatId, vars: {} })
  })

  test('a decision is sent again if the flow waits for it', async () => {
    const it = chatWith()
    const action = { id: 'a', mapping: { approve: 'Yes', reject: 'No' }, elements: [], data: { nodeId: 'n' } }
    await answered(it, 'Book it', { action })
    const chatId = it.now().chatId
    const sent = it.chat.resume('proceed')
    it.flow.last.fail(broken())
    await sent
    it.chat.regenerate()
    assert.deepEqual([it.flow.last.body.chatId, it.flow.last.body.humanInput.type], [chatId, 'proceed'])
    assert.deepEqual(it.now().messages.map(({ text }) => text), ['Book it', 'Answer to Book it', 'Yes'])
  })

  test('only questions can be edited, and nothing during an answer', async () => {
    const it = await twoTurns()
    await assert.rejects(it.chat.edit(it.now().messages[1].id, 'x'), { code: 'config' })
    it.chat.send('Three')
    await assert.rejects(it.chat.edit(it.now().messages[0].id, 'x'), { code: 'config' })
  })
})

describe('questions that wait', () => {
  const texts = (it) => it.now().queue.map(({ text }) => text)

  test('are asked one after the other, however the answers end', async () => {
    const it = chatWith()
    const sent = [it.chat.send('One', { queue: true }), it.chat.send('Two', { queue: true }), it.chat.send('Three', { queue: true })]
    assert.deepEqual(texts(it), ['Two', 'Three'])
    assert.deepEqual(it.now().messages.map(({ text }) => text), ['One'])
    it.flow.last.fail(new FlowiseError('failed', 'server'))
    await sent[0]
    assert.deepEqual(texts(it), ['Three'])
    await it.chat.stop()
    await sent[1]
    assert.deepEqual(texts(it), [])
    it.flow.last.end({ text: 'Three it is' })
    assert.equal((await sent[2]).text, 'Three it is')
    assert.deepEqual(it.flow.asked.map(({ question }) => question), ['One', 'Two', 'Three'])
  })

  test('can be taken back', async () => {
    const it = chatWith()
    it.chat.send('One')
    const sent = it.chat.send('Two', { queue: true })
    it.chat.unqueue(it.now().queue[0].id)
    assert.equal((await sent).finishReason, 'aborted')
    assert.deepEqual(texts(it), [])
    it.flow.last.end({ text: 'Yes' })
  })

  test('also wait for a decision', async () => {
    const it = chatWith()
    const sent = it.chat.send('Book it')
    const second = it.chat.send('And then?', { queue: true })
    const action = { id: 'a', elements: [], data: { nodeId: 'n' } }
    it.flow.last.end({ text: 'Shall I?', action })
    await sent
    assert.deepEqual(texts(it), ['And then?'])
    const decided = it.chat.resume('reject')
    it.flow.last.end({ text: 'Done' })
    await decided
    it.flow.last.end({ text: 'Nothing' })
    assert.equal((await second).text, 'Nothing')
  })

  test('wait for a decision that was asked for before them', async () => {
    const it = chatWith()
    await answered(it, 'Book it', { action: { id: 'a', elements: [], data: { nodeId: 'n' } } })
    const sent = it.chat.send('And then?', { queue: true })
    assert.deepEqual([texts(it), it.flow.runs.length], [['And then?'], 1])
    const decided = it.chat.resume('proceed')
    it.flow.last.end({ text: 'Done' })
    await decided
    it.flow.last.end({ text: 'Nothing' })
    assert.equal((await sent).text, 'Nothing')
  })

  test('are removed with the conversation', async () => {
    const it = chatWith()
    it.chat.send('One')
    const sent = it.chat.send('Two', { queue: true })
    it.chat.clear()
    assert.equal((await sent).finishReason, 'aborted')
    assert.equal(it.flow.runs.length, 1)
  })
})

test('the start form of an AgentFlow is returned, and its values are sent', async () => {
  const it = chatWith()
  const inputs = {
    startInputType: 'formInput',
    formTitle: 'A trip',
    formDescription: '',
    formInputTypes: [
      { type: 'string', label: 'Where to', name: 'place', addOptions: '' },
      { type: 'options', label: 'By', name: 'by', addOptions: [{ option: 'train' }, { option: 'bus' }] },
    ],
  }
  const config = (startInputs) => ({ flowData: JSON.stringify({ nodes: [{ data: { name: 'startAgentflow', inputs: startInputs } }] }) })
  it.flow.flowise.chatbotConfig = async () => config(inputs)
  assert.deepEqual(await it.chat.startForm(), {
    title: 'A trip',
    description: '',
    fields: [{ name: 'place', label: 'Where to', type: 'string' }, { name: 'by', label: 'By', type: 'options', options: ['train', 'bus'] }],
  })
  await answered(it, { form: { place: 'Rome', by: 'train' } })
  assert.deepEqual(it.flow.last.body.form, { place: 'Rome', by: 'train' })
  assert.equal(it.now().messages[0].text, 'place: Rome\nby: train')
  for (const other of [config({ startInputType: 'chatInput' }), {}, { flowData: '{' }]) {
    it.flow.flowise.chatbotConfig = async () => other
    assert.equal(await it.chat.startForm(), undefined)
  }
})
