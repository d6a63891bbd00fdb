/**
 * Files in both directions: those that a person sends, by the rules of the chatflow, and those that the flow makes.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'

import { acceptedFiles, isAccepted } from '../../www/src/chat/files.js'
import { ask, demoForTests, over, type } from '../support/demo.mjs'

// A picture of one pixel.
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF8FAAK1AUGvBp/oAAAAAElFTkSuQmCC'

const demo = demoForTests()

const recorded = async (name) => JSON.parse(await readFile(new URL(`../recordings/flowise-3.1.4/${name}`, import.meta.url), 'utf8'))

describe('the file types of a chatflow are those in its public settings:', () => {
  const cases = [
    ['nothing is known', null, ''],
    ['pictures', { uploads: { isImageUploadAllowed: true, imgUploadSizeAndTypes: [{ fileTypes: ['image/png', ''] }] } }, 'image/png'],
    ['whole files', { uploads: {}, fullFileUpload: { status: true, allowedUploadFileTypes: 'text/plain, .md' } }, 'text/plain,.md'],
    ['whole files of any type', { uploads: {}, fullFileUpload: { status: true, allowedUploadFileTypes: '' } }, '*/*'],
    ['whole files, turned off', { fullFileUpload: { status: false, allowedUploadFileTypes: 'text/plain' } }, ''],
    [
      'files for a vector store, which a page cannot send',
      { uploads: { isRAGFileUploadAllowed: true, fileUploadSizeAndTypes: [{ fileTypes: ['.pdf'] }] } },
      '',
    ],
  ]
  for (const [name, config, expected] of cases) test(name, () => assert.equal(acceptedFiles(config), expected))

  test('those of a real server', async () => {
    assert.equal(acceptedFiles(await recorded('config-chain.body')), 'image/gif,image/jpeg,image/png,image/webp')
  })

  test('those of the dev server, which tells them as a real one does', async () => {
    const settings = async (flow) => (await fetch(`${demo.server.sse}/api/v1/public-chatbotConfig/${flow}`)).json()
    const { uploads, fullFileUpload } = await settings('files')
    assert.deepEqual(Object.keys(uploads).sort(), Object.keys((await recorded('config-chain.body')).uploads).sort())
    assert.equal(acceptedFiles({ fullFileUpload }), 'text/plain')
    assert.equal((await settings('tool')).fullFileUpload, undefined)
  })
})

test('a file matches by its type or its extension', () => {
  const file = { name: 'Notes.MD', type: 'text/markdown' }
  for (const accept of ['.md', 'text/markdown', 'text/*', 'image/png,*/*']) assert.ok(isAccepted(file, accept), accept)
  for (const accept of ['', '.m', 'text/plain', 'image/*']) assert.ok(!isAccepted(file, accept), accept)
})

/** Lets files arrive as if they were pasted or dropped. `text` is pasted with them; `within`: the drag stays within the page. */
const bring = (page, event, files, { text, within } = {}) =>
  page.getByLabel('Your question').evaluate(
    (field, { event, files, text, within }) => {
      const transfer = new DataTransfer()
      if (text) transfer.setData('text/plain', text)
      for (const { name, type, text } of files) transfer.items.add(new File([text], name, { type }))
      const options = { bubbles: true, cancelable: true }
      field.dispatchEvent(
        event === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: transfer })
          : new DragEvent(event, { ...options, dataTransfer: transfer, relatedTarget: within ? document.body : null }),
      )
    },
    { event, files, text, within },
  )

const NOTE = { name: 'note.txt', type: 'text/plain', text: 'An owl.' }
const PROGRAM = { name: 'owl.exe', type: 'application/x-msdownload', text: 'Hoo.' }

for (const event of ['paste', 'drop']) {
  test(`files also arrive by ${event}, and unsupported ones are named`, async (t) => {
    const page = await demo.open(t)
    await page.getByRole('button', { name: 'Add files' }).waitFor()
    await bring(page, event, [NOTE, PROGRAM])
    await page.getByRole('list', { name: 'Files' }).getByText('note.txt').waitFor()
    await page.getByRole('alert').getByText('owl.exe').waitFor()
    assert.equal(await page.locator('.files li').count(), 1)
    await demo.server.clear()
    await ask(page, 'say Read.')
    await ask(page, 'say Next.')
    const [first, next] = (await demo.server.log('/prediction/scripted')).map(({ body }) => JSON.parse(body))
    assert.deepEqual(
      first.uploads.map(({ type, name, data }) => [type, name, data]),
      [['file:full', 'note.txt', 'An owl.']],
    )
    assert.equal(next.uploads, undefined)
  })
}

test('a file can be removed before it is sent', async (t) => {
  const page = await demo.open(t)
  await page.getByRole('button', { name: 'Add files' }).waitFor()
  await bring(page, 'drop', [NOTE, { ...NOTE, name: 'second.txt' }])
  const files = page.getByRole('list', { name: 'Files' })
  await files.getByRole('button', { name: 'Remove note.txt' }).click()
  await files.locator('li').nth(1).waitFor({ state: 'detached' })
  assert.deepEqual(await files.locator('li').allInnerTexts(), ['second.txt'])
})

test('text that is pasted with a picture of it brings no file', async (t) => {
  const page = await demo.open(t)
  await page.getByRole('button', { name: 'Add files' }).waitFor()
  await bring(page, 'paste', [NOTE], { text: 'An owl.' })
  // later than the first one, which would be listed by now
  await bring(page, 'paste', [{ ...NOTE, name: 'second.txt' }])
  const files = page.getByRole('list', { name: 'Files' })
  await files.waitFor()
  assert.deepEqual(await files.locator('li').allInnerTexts(), ['second.txt'])
})

for (const event of ['dragleave', 'drop']) {
  test(`a file dragged over the page shows the drop area until its ${event}`, async (t) => {
    const page = await demo.open(t)
    await page.getByRole('button', { name: 'Add files' }).waitFor()
    await bring(page, 'dragover', [NOTE])
    const area = page.locator('.composer-box.dropping')
    await area.waitFor()
    // from one element of the page to another
    await bring(page, 'dragleave', [NOTE], { within: true })
    await page.evaluate(() => new Promise(requestAnimationFrame))
    assert.equal(await area.count(), 1)
    await bring(page, event, [NOTE])
    await page.locator('.composer-box:not(.dropping)').waitFor()
  })
}

test('artifacts are shown; their HTML never runs', async (t) => {
  const page = await demo.open(t)
  const events = [
    ['tool', 'code_interpreter'],
    ['token', 'Here they are.'],
    [
      'artifacts',
      [
        { type: 'png', data: 'FILE-STORAGE::chart.png' },
        { type: 'png', data: DOT },
        { type: 'html', data: '<img src=x onerror="window.__owned = 1"><script>window.__owned = 1</script>' },
        { type: 'markdown', data: 'A **bold** word' },
        { type: 'text', data: 'before\n```\na *fenced* word' },
      ],
    ],
    ['fileAnnotations', [{ filePath: 'sandbox:/table.csv', fileName: 'table.csv' }]],
    ['metadata', { chatId: 'the-chat', chatMessageId: 'the-message' }],
    ['end', '[DONE]'],
  ]
  await page.route('**/api/v1/prediction/**', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: events.map(([event, data]) => `message:\ndata:${JSON.stringify({ event, data })}\n\n`).join(''),
    }),
  )
  const asked = []
  await page.route('**/get-upload-file?**', (route) => {
    asked.push(new URL(route.request().url()).search)
    return route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from(DOT, 'base64') })
  })
  await page.route('**/openai-assistants-file/download', (route) => route.fulfill({ body: route.request().postData() }))

  await type(page, 'Draw')
  const turn = await over(page, 0)
  await turn.getByText('Used code_interpreter').waitFor()
  for (const name of ['chart.png', 'A png picture']) {
    const picture = turn.getByRole('img', { name, exact: true })
    await picture.waitFor()
    assert.equal(await picture.evaluate(async (element) => (await element.decode(), element.naturalWidth)), 1)
  }
  assert.equal(new Set(asked).size, 1)
  assert.match(asked[0], /chatflowId=scripted&chatId=the-chat&fileName=chart\.png/)
  await turn.locator('.code', { hasText: 'onerror' }).waitFor()
  await turn.locator('strong', { hasText: 'bold' }).waitFor()
  await turn.locator('.code', { hasText: 'a *fenced* word' }).waitFor()
  assert.equal(await page.evaluate(() => window.__owned), undefined)

  const downloading = page.waitForEvent('download')
  await turn.getByRole('button', { name: 'Save table.csv' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), 'table.csv')
  assert.deepEqual(JSON.parse(await readFile(await download.path(), 'utf8')), {
    fileName: 'table.csv',
    chatflowId: 'scripted',
    chatId: 'the-chat',
  })
})

test('a file that the server does not hand out is reported', async (t) => {
  const page = await demo.open(t)
  await page.route('**/api/v1/prediction/**', (route) =>
    route.fulfill({ json: { text: 'Made.', chatId: 'the-chat', artifacts: [{ type: 'csv', data: 'FILE-STORAGE::none.csv' }] } }),
  )
  await type(page, 'Make')
  const turn = await over(page, 0)
  await turn.getByRole('button', { name: 'Save none.csv' }).click()
  await turn.getByRole('alert').getByText('does not give this file').waitFor()
})
