// Optimises wasm-bindgen's output: removes panic messages, and gives imports and exports names of one or two letters.
//
//   node pkg/scripts/optimise.mjs GLUE FLAG…      GLUE: the folder with core_bg.wasm and core.js; FLAG: for wasm-opt
//
// wasm-bindgen's own names end in a hash, which does not compress: in the binary and the glue they took 6 kB.

import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { withoutPanicMessages } from './panics.mjs'

const [glue, ...flags] = process.argv.slice(2)
const wasm = path.join(glue, 'core_bg.wasm')
const wat = path.join(glue, 'core_bg.wat')

const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }
const wasmOpt = (...args) => execFileSync('wasm-opt', ['--quiet', ...args], quiet)

// The text format does not contain the list of features.
const features = wasmOpt('--print-features', wasm).trim().split(/\s+/)
wasmOpt('--emit-text', '--debuginfo', wasm, '-o', wat)
rewrite(wat, withoutPanicMessages)
wasmOpt(...features, ...flags, '--emit-target-features', wat, '-o', wasm)
rmSync(wat)
// It prints the names: {"imports": [[module, old, new]…], "exports": [[old, new]…]}. No later tool needs the list of features.
const names = JSON.parse(wasmOpt('--minify-imports-and-exports-and-modules', '--strip-target-features', wasm, '-o', wasm))
const exportNames = new Map(names.exports)

rewrite(path.join(glue, 'core.js'), (text) => shortenImports(shortenExports(text)))
for (const file of readdirSync(path.join(glue, 'snippets'), { recursive: true })) {
  if (file.endsWith('.js')) rewrite(path.join(glue, 'snippets', file), shortenExports)
}

// In the glue and the crate's scripts, exports are members of a variable `wasm`.
function shortenExports(text) {
  return text.replace(/\bwasm\.(\w+)/g, (whole, name) => (exportNames.has(name) ? `wasm.${exportNames.get(name)}` : whole))
}

// wasm-opt merges all imported modules into one, so the glue's object of modules becomes an object of functions.
function shortenImports(text) {
  const [, table] = /\n {4}return \{\n {8}__proto__: null,\n([^}]*) {4}\};\n\}/.exec(text) ?? fail('no list of modules')
  const modules = new Map([...table.matchAll(/"(.+)": (import\d+),/g)].map(([, module, variable]) => [module, variable]))
  const own = modules.get('./core_bg.js') ?? fail('no module of its own')
  const functions = []
  for (const [module, old, short] of names.imports) {
    if (module !== './core_bg.js') {
      functions.push(`        ${JSON.stringify(short)}: ${modules.get(module) ?? fail(`no module ${module}`)}.${old},\n`)
      continue
    }
    const before = text
    text = text.replace(new RegExp(`\\n {8}${old}: `), () => `\n        ${JSON.stringify(short)}: `)
    if (text === before) fail(`no function ${old}`)
  }
  // not by spreading one `{ __proto__: null }` into another: Terser makes one literal of them, with two prototypes
  return text.replace(table, () => `        a: Object.assign(${own}, {\n${functions.join('')}        }),\n`)
}

function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

function fail(what) {
  throw new Error(`the glue of this version of wasm-bindgen is another than this script knows: ${what}`)
}
