/**
 * The crate as a `git` dependency and from a checkout: without socket.io-client, which is not in git, and without npm. The page loads
 * it with the import map from docs/rust.md.
 */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, describe, test } from 'node:test'

import { Browser, openFor, OWN } from '../support/browser.mjs'
import { startFolder } from '../support/folder.mjs'
import { buildPage, importMap, ROOT, run, TARGET, WASM_TARGET } from '../support/front-end.mjs'
import { startSocketIoServer } from '../support/socket-io-server.mjs'
import { startForTests, starting } from '../support/stage.mjs'

const FOLDER = join(TARGET, 'checkout')
const CHECKOUT = join(FOLDER, 'flowise-stream')
const SITE = join(FOLDER, 'site')
const NAME = 'socket-io-room'

/** What git would take, as a repository of its own. */
function checkOut() {
  rmSync(FOLDER, { recursive: true, force: true })
  const files = run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z']).split('\0')
  for (const file of files) {
    if (!/^(build\.rs|Cargo\.(toml|lock)|README\.md|(src|benches|dev-server|tests\/socket-io-server|xtask)\/.*)$/.test(file)) continue
    // one that was deleted is still on the list
    if (!existsSync(join(ROOT, file))) continue
    mkdirSync(dirname(join(CHECKOUT, file)), { recursive: true })
    cpSync(join(ROOT, file), join(CHECKOUT, file))
  }
  const git = (...args) => run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: CHECKOUT })
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'All files')
}

/** The example, in a folder of its own, with the crate from elsewhere. */
function project(folder, from) {
  cpSync(join(ROOT, 'examples', NAME), folder, { recursive: true })
  cpSync(join(ROOT, 'examples/Cargo.lock'), join(folder, 'Cargo.lock'))
  const manifest = readFileSync(join(folder, 'Cargo.toml'), 'utf8')
  const own = manifest
    .replace('path = "../.."', from)
    .replace('edition.workspace = true', 'edition = "2024"')
    .replace('version.workspace = true', 'version = "0.0.0"')
    .replace('license.workspace = true', 'license = "MIT"')
  assert.notEqual(own, manifest)
  writeFileSync(join(folder, 'Cargo.toml'), `${own}\n[workspace]\n`)
}

describe('a page whose crate comes from git', () => {
  const [browser, server, site] = [new Browser(), starting(startSocketIoServer), starting(() => startFolder(SITE))]

  before(() => {
    checkOut()
    const folder = join(FOLDER, 'git')
    project(folder, `git = "file://${CHECKOUT}"`)
    buildPage({ folder, name: NAME, site: SITE, flags: [], head: importMap(SITE) })
  })
  startForTests(browser, server, site)

  // a storage of its own
  const open = (t) => openFor(t, browser, `${site.url}/${NAME}/?url=${encodeURIComponent(server.url)}`, OWN)
  const join_ = async (page, name) => {
    await page.getByLabel('Your name').fill(name)
    await page.getByRole('button', { name: 'Join' }).click()
  }
  const state = (page, text) => page.getByRole('alert').filter({ hasText: text }).waitFor()

  test('has no socket.io-client but the one of the import map', async (t) => {
    assert.ok(!existsSync(join(CHECKOUT, 'src/vendor')))
    const page = await open(t)
    await join_(page, 'Ann')
    await state(page, 'You are in the room')
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
    assert.deepEqual(loaded.filter((path) => path.endsWith('socket.io.js')), ['/socket.io.js'])
  })

  test('lets people talk', async (t) => {
    const [ann, bob] = [await open(t), await open(t)]
    await join_(ann, 'Ann')
    await join_(bob, 'Bob')
    await Promise.all([state(ann, 'You are in the room'), state(bob, 'You are in the room')])
    await ann.getByLabel('Message').fill('Hello')
    await bob.getByRole('status').filter({ hasText: 'Ann is typing' }).waitFor()
    await ann.getByRole('button', { name: 'Say' }).click()
    await state(ann, 'was delivered')
    for (const page of [ann, bob]) await page.getByRole('listitem').filter({ hasText: 'Ann: Hello' }).waitFor()
    assert.equal(await bob.getByRole('status').textContent(), '')
    await bob.getByRole('button', { name: 'Leave' }).click()
    await state(bob, 'You have left the room')
    await ann.getByLabel('Message').fill('Anybody there?')
    await ann.getByRole('button', { name: 'Say' }).click()
    await ann.getByRole('listitem').filter({ hasText: 'Anybody there?' }).waitFor()
    assert.equal(await bob.getByRole('listitem').count(), 1)
  })

  test('has what was said, and who says it, after a reload', async (t) => {
    const page = await open(t)
    await join_(page, 'Ann')
    await state(page, 'You are in the room')
    const say = async (text) => {
      await page.getByLabel('Message').fill(text)
      await page.getByRole('button', { name: 'Say' }).click()
      await state(page, 'was delivered')
      await page.getByRole('listitem').filter({ hasText: `Ann: ${text}` }).waitFor()
    }
    await say('Hello')
    await page.reload()
    await page.getByRole('listitem').filter({ hasText: 'Ann: Hello' }).waitFor()
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Ann')
    await page.getByRole('button', { name: 'Join' }).click()
    await state(page, 'You are in the room')
    await say('Still here')
    assert.deepEqual(await page.getByRole('listitem').allTextContents(), ['Ann: Hello', 'Ann: Still here'])
  })

  test('says why somebody is refused', async (t) => {
    const page = await open(t)
    await join_(page, '')
    await state(page, 'say who you are')
    await join_(page, 'Ann')
    await state(page, 'You are in the room')
  })
})

test('a path to a checkout without socket.io-client compiles, and says what the page has to bring', () => {
  checkOut()
  const folder = join(FOLDER, 'path')
  project(folder, `path = "${CHECKOUT}"`)
  const target = join(TARGET, 'front-ends-build')
  const args = ['check', '--target', WASM_TARGET, '--target-dir', target, '--manifest-path', join(folder, 'Cargo.toml')]
  const { status, stderr } = spawnSync('cargo', args, { cwd: ROOT, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.match(stderr, /warning: .*src\/vendor\/socket\.io\.js is missing.*import map/)
  assert.ok(!readdirSync(CHECKOUT).includes('node_modules'))
})
