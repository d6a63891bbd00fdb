/** The project's use of socket.io-client: its version, its undocumented members, and the documentation. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join, resolve } from 'node:path'
import { describe, test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '..')
const read = (name) => readFileSync(join(ROOT, name), 'utf8')
const { dependencies } = JSON.parse(read('pkg/package.json'))

const fromPackage = createRequire(join(ROOT, 'pkg/package.json'))
const fromClient = createRequire(fromPackage.resolve('socket.io-client'))
const manifest = JSON.parse(read('pkg/node_modules/socket.io-client/package.json'))
const { Manager } = fromPackage('socket.io-client')
const { Transport, transports } = fromClient('engine.io-client')
const { Decoder, Encoder } = fromClient('socket.io-parser')

/** The file of the documented import map. */
const client = await import(`data:text/javascript,${encodeURIComponent(read('pkg/node_modules/socket.io-client/dist/socket.io.esm.min.js'))}`)
// The file is a module of the crate, whose folder has no package.json that says so.
const source = read('src/socket_io/internals.js')
const { checkEngine, checkManager, checkParts, derivedParts } = await import(`data:text/javascript,${encodeURIComponent(source)}`)

/** The members of one of its lists. */
const listed = (name) => {
  const [, list] = new RegExp(`const ${name} = {([^}]*)}`).exec(source)
  return [...list.matchAll(/^ {2}(\w+):/gm)].map(([, member]) => member)
}

/** Hides a member, whatever sets it. */
const hide = (object, member) => Object.defineProperty(object, member, { get: () => undefined, set() {} })

describe('one socket.io-client', () => {
  test('the package asks for one release, and for its engine and parser as that release does', () => {
    assert.match(dependencies['socket.io-client'], /^\d+\.\d+\.\d+$/)
    for (const name of ['engine.io-client', 'socket.io-parser']) assert.equal(dependencies[name], manifest.dependencies[name])
    assert.deepEqual(Object.keys(dependencies).sort(), ['engine.io-client', 'socket.io-client', 'socket.io-parser'])
  })

  test('errors and documentation name that release', () => {
    const release = dependencies['socket.io-client']
    assert.match(source, new RegExp(`TESTED = '${release}'`))
    for (const [, named] of read('docs/rust.md').matchAll(/socket\.io-client@([\d.]+)/g)) assert.equal(named, release)
  })
})

describe('what is used of it besides its documented API', () => {
  const parts = { Transport, transports, Encoder, Decoder }

  test('is all there', () => {
    checkManager(Manager)
    assert.equal(checkParts(Manager, parts), parts)
    const derived = derivedParts(Manager, transports.polling, transports.websocket, transports.webtransport)
    assert.deepEqual(derived, parts)
  })

  test('is all there in the file of the documented import map', () => {
    const { transports, Decoder } = derivedParts(client.Manager, client.NodeXHR, client.NodeWebSocket, client.WebTransport)
    assert.deepEqual(Object.values(transports).map(({ prototype }) => prototype.name), ['polling', 'websocket', 'webtransport'])
    assert.equal(typeof new Decoder().add, 'function')
  })

  test('is missed by its name', () => {
    const missing = (member) => new RegExp(`no \`[\\w.]*${member}\`: install socket\\.io-client ${manifest.version}$`)
    for (const member of listed('MANAGER')) {
      class Renamed extends Manager {
        disconnect() {
          super.disconnect()
          hide(this, member)
        }
      }
      assert.throws(() => checkManager(Renamed), missing(member), member)
      assert.throws(() => checkParts(Renamed, parts), missing(member), member)
    }
    for (const member of listed('TRANSPORT')) {
      class Renamed extends Transport {
        on() {
          hide(this, member)
        }
      }
      assert.throws(() => checkParts(Manager, { ...parts, Transport: Renamed }), missing(member), member)
    }
    class Renamed extends Transport {
      on() {
        this._callbacks = { packet: [] }
      }
    }
    assert.throws(() => checkParts(Manager, { ...parts, Transport: Renamed }), missing('\\$packet'))
    for (const part of Object.keys(parts)) assert.throws(() => checkParts(Manager, { ...parts, [part]: undefined }), missing(part))
    assert.throws(() => derivedParts(Manager), missing('Transport'))
    for (const member of listed('ENGINE')) {
      const engine = Object.fromEntries(listed('ENGINE').map((name) => [name, name === 'readyState' ? '' : name.startsWith('trans') ? {} : () => {}]))
      checkEngine(engine)
      assert.throws(() => checkEngine({ ...engine, [member]: undefined }), missing(member))
    }
  })

  test('is all on the list', () => {
    const all = ['MANAGER', 'TRANSPORT', 'OPTIONAL', 'ENGINE'].flatMap(listed)
    const files = readdirSync(join(ROOT, 'src'), { recursive: true }).filter((name) => ['.js', '.rs'].includes(extname(name)))
    const private_ = /(?:\.|js_name = )(_[a-z]\w*)/g
    const used = files
      .filter((name) => !name.startsWith('vendor'))
      .flatMap((name) => [...read(`src/${name}`).matchAll(private_)].map(([, member]) => member))
    assert.ok(used.length > 0)
    assert.deepEqual(used.filter((member) => !all.includes(member)), [])
    // undocumented members in the bindings of the Rust API
    const [, undocumented] = read('src/socket_io/sys.rs').split('The members below are undocumented')
    const names = [...undocumented.split('\n}\n')[0].matchAll(/js_name = (\w+)/g)].map(([, name]) => name)
    assert.ok(names.length > 2)
    assert.deepEqual(names.filter((member) => !all.includes(member)), [])
  })
})

describe('docs/rust.md', () => {
  const [, table] = read('docs/rust.md').split(/### By the documentation of socket\.io-client|\n## On servers/)
  const rows = table.split('\n').filter((line) => line.startsWith('| ')).slice(1)
  const cells = rows.map((row) => row.slice(2, -2).split(' | '))
  const code = (cell) => [...cell.matchAll(/`([^`]*)`/g)].map(([, text]) => text)
  const types = (file) => read(`pkg/node_modules/${file}.d.ts`)

  /** The public members of a class or an interface, in a file of types. */
  const members = (source, what) => {
    const found = new RegExp(`^export (?:declare )?${what}\\b[^;]*?{\n(.*?)^}`, 'ms').exec(source)
    assert.ok(found, what)
    const names = [...found[1].matchAll(/^ {4}(?:readonly |get )?([a-z]\w*)\??\s*(?:<[^]*?>)?[(:]/gim)].map(([, member]) => member)
    const wanted = [...new Set(names)].filter((member) => member !== 'constructor')
    assert.ok(wanted.length > 2, what)
    return wanted
  }
  const absent = (names) => names.filter((name) => !cells.some(([theirs]) => code(theirs).includes(name)))

  test('has a row for every export of socket.io-client', () => {
    const exported = [...types('socket.io-client/build/esm/index').matchAll(/^export {([^}]*)}/gm)]
    const names = exported.flatMap(([, list]) => list.split(',').map((one) => one.trim().split(' as ').at(-1)))
    // classes and functions, and not types
    const values = names.filter((name) => name in client && !['default', 'Manager', 'Socket'].includes(name))
    const spelled = { io: 'io()', connect: 'connect()', protocol: 'io.protocol' }
    assert.ok(values.length > 5, values.join())
    assert.deepEqual(absent(values.map((name) => spelled[name] ?? name)), [])
  })

  test('has a row for every public member', () => {
    const emitter = members(types('@socket.io/component-emitter/lib/esm/index'), 'class Emitter')
    for (const [name, what] of [['socket', 'class Socket'], ['manager', 'class Manager']]) {
      const own = members(types(`socket.io-client/build/esm/${name}`), what)
      assert.ok(own.length > 9 && emitter.length > 6, `${own} ${emitter}`)
      assert.deepEqual(absent([...own, ...emitter].map((member) => `${name}.${member}`)), [], name)
    }
  })

  test('has a row for every event that they report, and for every option', () => {
    const reported = ['socket', 'manager'].flatMap((name) => members(types(`socket.io-client/build/esm/${name}`), `interface ${name[0].toUpperCase()}${name.slice(1)}ReservedEvents`))
    const events = cells.filter(([theirs]) => /^events? /.test(theirs)).flatMap(([theirs]) => code(theirs))
    assert.deepEqual(reported.filter((name) => !events.includes(name)), [])
    const declared = [
      ...members(types('socket.io-client/build/esm/socket'), 'interface SocketOptions'),
      ...members(types('socket.io-client/build/esm/manager'), 'interface ManagerOptions'),
      ...members(types('engine.io-client/build/esm/socket'), 'interface SocketOptions'),
    ]
    const options = cells.filter(([theirs]) => /^options? /.test(theirs)).flatMap(([theirs]) => code(theirs))
    assert.ok(declared.length > 35)
    assert.deepEqual(declared.filter((name) => !options.includes(name)), [])
  })

  test('names what the crate has', () => {
    const listing = read('tests/public-api.txt').split('\n').filter((line) => line.includes('flowise_stream::socket_io::'))
    const has = (path) => listing.some((line) => line.match(/^[^(<:]*(?:::\w+)+/)?.[0].endsWith(`::${path}`))
    const named = cells.flatMap(([, ours]) => code(ours))
    assert.ok(named.length > 70)
    assert.deepEqual(named.filter((path) => !has(path)), [])
  })

  test('names tests that exist', () => {
    const files = readdirSync(join(ROOT, 'tests/browser_socket_io'))
    const tests = files.flatMap((name) => [...read(`tests/browser_socket_io/${name}`).matchAll(/^(?:async )?fn (\w+)/gm)].map(([, one]) => one))
    const without = cells.filter(([, , test]) => test === '–')
    assert.ok(without.every(([, ours]) => ours.startsWith('– (')), 'what has no test is not here, and the row says why')
    const named = cells.filter((row) => !without.includes(row)).map(([, , test]) => code(test))
    assert.ok(named.length > 50)
    assert.deepEqual(named.filter((names) => names.length !== 1 || !tests.includes(names[0])), [])
  })
})
