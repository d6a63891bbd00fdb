// The language names that people and models write after a fence, with the highlighter’s name for each.
const NAMES = {
  bash: ['sh', 'shell', 'zsh', 'console'],
  c: ['h', 'cpp', 'c++', 'hpp'],
  css: ['scss'],
  diff: ['patch'],
  go: ['golang'],
  html: ['vue', 'svelte'],
  java: ['kotlin', 'cs', 'csharp'],
  js: ['javascript', 'jsx', 'mjs', 'cjs'],
  json: ['jsonc', 'json5'],
  py: ['python'],
  rs: ['rust'],
  toml: ['ini'],
  ts: ['typescript', 'tsx'],
  xml: ['svg'],
  yaml: ['yml'],
}

const KNOWN = new Map(Object.entries(NAMES).flatMap(([name, others]) => [name, ...others].map((one) => [one, name])))

/** The highlighter's name for a language; `undefined` if it has none. */
export const knownLanguage = (name) => KNOWN.get(name.toLowerCase())
