/**
 * Chats that last: what the store of `flowise-stream/store` keeps, and what a page finds when it is loaded again.
 */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createChat } from 'flowise-stream/store'

import { KEY, SERVER, answered, inTab, load, memoryStorage, settled, texts, titles } from './support/chats.mjs'
import { until } from './support/until.mjs'

for (const isAsync of [false, true]) {
  test(`a conversation survives a reload, and continues${isAsync ? ', with an asynchronous storage' : ''}`, async () => {
    const storage = memoryStorage({ isAsync })
    const before = await load(storage)
    await answered(before, 'One', { chatId: 'c', sessionId: 's' })
    await until(() => titles(before).length === 1 && storage.items.size === 2)
    const after = await load(storage)
    assert.deepEqual(texts(after), ['One', 'Answer to One'])
    assert.deepEqual(after.now().messages, JSON.parse(JSON.stringify(before.now().messages)))
    assert.equal(after.now().id, before.now().id)
    assert.deepEqual([after.now().status, after.now().isLoading, after.flow.runs.length], ['ready', false, 0])
    await answered(after, 'Two')
    assert.deepEqual([after.flow.last.body.chatId, after.flow.last.body.overrideConfig], ['c', { sessionId: 's' }])
  })
}

test('a page that names its conversation shows that one, and not the stored one', async () => {
  const storage = memoryStorage()
  await answered(await load(storage), 'One')
  await settled()
  const it = await load(storage, { chatId: 'named' })
  assert.deepEqual([texts(it), titles(it)], [[], ['One']])
  await answered(it, 'Two')
  assert.equal(it.flow.last.body.chatId, 'named')
})

test('a conversation is written when it changes, and not otherwise', async () => {
  const storage = memoryStorage()
  const { setItem } = storage
  let writes = 0
  storage.setItem = (key, value) => (writes++, setItem(key, value))
  const it = await load(storage)
  await answered(it, 'One')
  await settled()
  const before = writes
  it.chat.unqueue('nothing')
  await settled()
  await load(storage)
  assert.equal(writes, before)
  await answered(it, 'Two')
  await settled()
  assert.ok(writes > before)
})

test('nothing is stored without a storage, and nothing is read before the first subscriber', async () => {
  let reads = 0
  const storage = { getItem: () => void reads++, setItem() {}, removeItem() {} }
  const chat = createChat({ storage, ...SERVER })
  assert.equal(reads, 0)
  assert.deepEqual(chat.getServerSnapshot().chats, [])
  assert.equal(chat.getServerSnapshot().isLoading, true)
  chat.subscribe(() => {})()
  assert.ok(reads > 0)
})

test('an edited conversation sends its history to the flow after a reload, too', async () => {
  const storage = memoryStorage()
  const before = await load(storage)
  await answered(before, 'One')
  await answered(before, 'Two')
  const sent = before.chat.edit(before.now().messages[2].id, 'Three')
  before.flow.last.end({ text: 'Answer' })
  await sent
  await settled()
  const after = await load(storage)
  await answered(after, 'Four')
  assert.deepEqual(after.flow.last.body.history, before.flow.last.body.history)
  assert.equal(after.flow.last.body.history.length, 2)
})

test('neither keys nor files are kept', async () => {
  const storage = memoryStorage()
  const picture = `data:image/png;base64,${'iVBOR'.repeat(500)}`
  const it = await load(storage, { headers: { 'x-key': KEY }, user: 'ada' })
  const uploads = [{ type: 'file', name: 'a.png', mime: 'image/png', data: picture }, { type: 'url', name: 'page', mime: '', data: 'https://example.com' }]
  await answered(it, { question: 'What is it?', uploads }, {
    artifacts: [{ type: 'png', data: 'iVBOR'.repeat(500) }, { type: 'png', data: 'FILE-STORAGE::a.png' }],
    usedTools: [{ tool: 'draw', toolInput: {}, toolOutput: { picture } }],
    agentFlowExecutedData: [{ nodeId: 'a', nodeLabel: 'A', status: 'FINISHED', data: { prompt: 'You are secret' } }],
  })
  await settled()
  const all = [...storage.items].flat().join('\n')
  for (const never of [KEY, 'iVBOR', 'tenant', 'You are secret']) assert.ok(!all.includes(never), never)
  const after = await load(storage, { user: 'ada' })
  const [question, answer] = after.now().messages
  assert.deepEqual(question.uploads, [{ type: 'file', name: 'a.png', mime: 'image/png' }, uploads[1]])
  assert.equal(answer.artifacts[1].data, 'FILE-STORAGE::a.png')
  await assert.rejects(after.chat.regenerate(), { code: 'config' })
})

test('the stored data is bounded', async () => {
  const storage = memoryStorage()
  const it = await load(storage)
  for (let count = 0; count < 5; count++) await answered(it, `Question ${count}`, { text: 'A very long answer. '.repeat(20_000) })
  await settled()
  const record = storage.items.get([...storage.items.keys()].find((key) => key.includes('/' + it.now().id)))
  assert.ok(record.length <= 500_000, `${record.length} characters`)
  const after = await load(storage)
  assert.equal(after.now().messages.at(-2).text, 'Question 4')
  assert.match(after.now().messages.at(-1).text, /long answer.*\.\.\.$/)
})

test('what is kept of a long conversation is bounded: the latest messages, and the documents of the latest answers', async () => {
  const storage = memoryStorage()
  const messages = Array.from({ length: 250 }, (_, index) => ({ id: `m${index}`, role: index % 2 ? 'assistant' : 'user', text: `Message ${index}` }))
  const it = await load(storage, { messages })
  for (let count = 0; count < 8; count++) await answered(it, `Question ${count}`, { sourceDocuments: [{ pageContent: 'An owl. '.repeat(10_000), metadata: {} }] })
  await settled()
  const after = await load(storage)
  assert.deepEqual([after.now().messages.length, texts(after)[0]], [200, 'Message 66'])
  const hasDocuments = after.now().messages.filter(({ text }) => text.startsWith('Answer')).map(({ sourceDocuments }) => Boolean(sourceDocuments))
  assert.deepEqual(hasDocuments, [false, false, true, true, true, true, true, true])
})

describe('a storage that', () => {
  const failing = {
    'is forbidden': () => ({ getItem: forbidden, setItem: forbidden, removeItem: forbidden }),
    'rejects': () => ({ getItem: rejecting, setItem: rejecting, removeItem: rejecting }),
    'has nonsense in it': () => ({ ...memoryStorage(), getItem: () => '{"version":1,"chats":[null,5,{"id":7}],"open":{}}' }),
    'has no JSON in it': () => ({ ...memoryStorage(), getItem: () => '{"vers' }),
    'has a newer version in it': () => ({ ...memoryStorage(), getItem: () => '{"version":2,"chats":"other","messages":1}' }),
  }
  const forbidden = () => {
    throw new DOMException('no', 'SecurityError')
  }
  const rejecting = () => Promise.reject(new Error('no'))
  for (const [name, make] of Object.entries(failing)) {
    test(`${name} does not break the chat`, async () => {
      const it = await load(make())
      assert.equal((await answered(it, 'One')).text, 'Answer to One')
      await it.chat.rename(it.now().id, 'x')
      assert.equal(await it.chat.open('other'), false)
      await it.chat.open()
      assert.deepEqual(texts(it), [])
    })
  }

  test('is full drops the oldest conversation', async () => {
    const storage = memoryStorage()
    const { setItem } = storage
    storage.setItem = (key, value) => {
      const others = [...storage.items].filter(([other]) => other !== key).map(([, text]) => text)
      if ([...others, value].join('').length > 2000) throw new DOMException('full', 'QuotaExceededError')
      setItem(key, value)
    }
    const it = await load(storage)
    for (const question of ['One', 'Two', 'Three']) {
      await answered(it, question, { text: 'x '.repeat(300) })
      await settled()
      await it.chat.open()
    }
    await settled()
    assert.deepEqual(titles(it), ['Three'])
    assert.equal((await load(storage)).now().chats.length, 1)
  })
})

describe('the list of conversations', () => {
  const three = async (storage) => {
    const it = await load(storage)
    const ids = []
    for (const question of ['One', 'Two\n lines', 'Three']) {
      await answered(it, question)
      ids.push(it.now().id)
      await settled()
      await it.chat.open()
    }
    return { ...it, ids }
  }

  test('has the latest one first, titled by its first question', async () => {
    const it = await three(memoryStorage())
    assert.deepEqual(titles(it), ['Three', 'Two lines', 'One'])
    assert.deepEqual(await it.chat.chats(), it.now().chats)
    await it.chat.open(it.ids[0])
    assert.deepEqual(texts(it), ['One', 'Answer to One'])
    await answered(it, 'Again')
    await settled()
    assert.deepEqual(titles(it), ['One', 'Three', 'Two lines'])
  })

  test('renames and removes', async () => {
    const storage = memoryStorage()
    const it = await three(storage)
    await it.chat.rename(it.ids[1], 'Owls')
    await it.chat.remove(it.ids[2])
    assert.deepEqual(titles(it), ['Owls', 'One'])
    await it.chat.open(it.ids[1])
    await answered(it, 'Again')
    await settled()
    assert.deepEqual(titles(it), ['Owls', 'One'])
    await it.chat.remove(it.ids[1])
    assert.deepEqual(texts(it), [])
    assert.deepEqual([await it.chat.open(it.ids[1]), titles(it)], [false, ['One']])
    it.chat.clear()
    assert.equal((await load(storage)).now().chats.length, 1)
  })

  test('is of one user, flow and server', async () => {
    const storage = memoryStorage()
    await three(storage)
    for (const other of [{ user: 'ada' }, { chatflowId: 'other' }, { url: 'https://elsewhere.example.com' }]) {
      assert.deepEqual((await load(storage, other)).now().chats, [])
    }
    assert.equal((await load(storage, { url: 'https://flowise.example.com' })).now().chats.length, 3)
    const parts = await load(storage, { chatflowId: 'flow', user: 'ada|x' })
    await answered(parts, 'Four')
    await settled()
    assert.deepEqual((await load(storage, { chatflowId: 'flow|ada', user: 'x' })).now().chats, [])
  })

  test('does not grow without limit', async () => {
    const storage = memoryStorage()
    const it = await load(storage)
    for (let count = 0; count < 105; count++) {
      await answered(it, `Question ${count}`)
      await settled()
      await it.chat.open()
    }
    assert.equal(it.now().chats.length, 100)
    assert.equal(storage.items.size, 101)
  })

  test('opens another conversation during an answer, which continues and is stored', async () => {
    const storage = memoryStorage()
    const it = await three(storage)
    const sent = it.chat.send('Four')
    const { last } = it.flow
    const four = it.now().id
    await it.chat.open(it.ids[0])
    assert.equal(it.now().status, 'ready')
    last.say('token', 'In the ')
    await it.chat.open(four)
    assert.deepEqual([it.now().status, texts(it)], ['streaming', ['Four', 'In the ']])
    await it.chat.open(it.ids[0])
    last.end({ text: 'In the background' })
    assert.equal((await sent).text, 'In the background')
    await settled()
    assert.deepEqual(texts(it), ['One', 'Answer to One'])
    await it.chat.open(four)
    assert.deepEqual(texts(it), ['Four', 'In the background'])
  })

  test('stops the answer of a conversation that is removed in the background, which is not kept', async () => {
    const storage = memoryStorage()
    const it = await three(storage)
    const sent = it.chat.send('Four')
    const four = it.now().id
    it.flow.last.say('token', 'In the ')
    await it.chat.open(it.ids[0])
    await it.chat.remove(four)
    assert.equal(it.flow.last.isStopped, true)
    assert.equal((await sent).finishReason, 'aborted')
    await settled()
    assert.deepEqual([titles(it), storage.items.size], [['Three', 'Two lines', 'One'], 4])
  })
})

test("two tabs that do not see each other's changes both keep their conversations", async () => {
  const storage = memoryStorage()
  const [one, two] = [await load(storage), await load(storage)]
  await answered(one, 'One')
  await settled()
  await answered(two, 'Two')
  await settled()
  assert.deepEqual(titles(await load(storage)), ['Two', 'One'])
})

test('changes from another tab appear', () =>
  inTab(async (tellPage) => {
    const storage = memoryStorage()
    const here = await load(storage)
    await answered(here, 'One')
    await settled()
    const there = await load(storage)
    const { setItem, removeItem } = storage
    const tell = (key, newValue) => tellPage('storage', { key, newValue })
    storage.setItem = (key, value) => (setItem(key, value), tell(key, value))
    storage.removeItem = (key) => (removeItem(key), tell(key, null))
    await answered(there, 'Two')
    await until(() => texts(here)[3] === 'Answer to Two')
    assert.deepEqual(texts(here), ['One', 'Answer to One', 'Two', 'Answer to Two'])
    // An answer that is on its way here is not interrupted by what is said there.
    const sent = here.chat.send('Three')
    here.flow.last.say('token', 'Here')
    await answered(there, 'Four')
    await settled()
    assert.deepEqual([here.now().status, texts(here).slice(4)], ['streaming', ['Three', 'Here']])
    here.flow.last.end({ text: 'Here' })
    await sent
    assert.deepEqual(texts(here).slice(4), ['Three', 'Here'])
    await until(() => texts(there)[5] === 'Here')
    await there.chat.rename(there.now().id, 'Owls')
    await until(() => titles(here)[0] === 'Owls')
    await there.chat.remove(there.now().id)
    await until(() => texts(here).length === 0 && titles(here).length === 0)
    here.close()
    there.close()
  }))

describe('the chat of flowise-embed', () => {
  const entry = JSON.stringify({
    chatId: 'embedded',
    lead: { name: 'Ada', email: 'ada@example.com' },
    chatHistory: [
      { message: 'Hi there! How can I help?', type: 'apiMessage' },
      { message: 'Which owl is the largest?', type: 'userMessage', fileUploads: [{ type: 'file', name: 'a.png', mime: 'image/png' }] },
      { message: 'Blakiston’s fish owl.', type: 'apiMessage', messageId: 'm', sourceDocuments: [{ pageContent: 'p', metadata: {} }] },
      { message: '', type: 'leadCaptureMessage' },
    ],
  })

  test('continues here, and is imported once', async () => {
    const storage = memoryStorage()
    storage.items.set('flow_EXTERNAL', entry)
    const it = await load(storage)
    assert.deepEqual(texts(it), ['Hi there! How can I help?', 'Which owl is the largest?', 'Blakiston’s fish owl.'])
    const answer = it.now().messages.at(-1)
    assert.deepEqual([answer.chatMessageId, answer.sourceDocuments.length, answer.finishReason], ['m', 1, 'stop'])
    assert.deepEqual(titles(it), ['Which owl is the largest?'])
    await answered(it, 'And the smallest?')
    assert.equal(it.flow.last.body.chatId, 'embedded')
    await settled()
    await it.chat.remove(it.now().id)
    assert.deepEqual((await load(storage)).now().chats, [])
    assert.equal(storage.items.get('flow_EXTERNAL'), entry)
  })

  for (const [name, text] of Object.entries({ 'an old id alone': 'b5c1', 'no question': '{"chatId":"a","chatHistory":[]}', nonsense: '[1,{"chatHistory":5}]' })) {
    test(`is left alone if it is ${name}`, async () => {
      const storage = memoryStorage()
      storage.items.set('flow_EXTERNAL', text)
      assert.deepEqual((await load(storage)).now().chats, [])
    })
  }
})
