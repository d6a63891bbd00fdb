/** Every declaration of the types, and every member, has a comment for editors to show. */

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const { resolve } = createRequire(path('pkg/package.json'))
// The interface may change with TypeScript's version, which is locked.
const { API } = await import(pathToFileURL(resolve('typescript/unstable/sync')))
const { SyntaxKind } = await import(pathToFileURL(resolve('typescript/unstable/ast')))

const DECLARATIONS = kinds('InterfaceDeclaration', 'TypeAliasDeclaration', 'ClassDeclaration', 'FunctionDeclaration', 'VariableStatement')
const MEMBERS = kinds('PropertySignature', 'PropertyDeclaration', 'MethodSignature', 'MethodDeclaration', 'Constructor', 'GetAccessor')
// Their contents are documented at their place of use.
const OPAQUE = kinds('Parameter', 'UnionType', 'MappedType', 'ImportDeclaration', 'ExportDeclaration')

let api, program

before(() => {
  api = new API()
  const project = path('tests/types/tsconfig.json')
  program = api.updateSnapshot({ openProjects: [project] }).getProject(project).program
})
after(() => api.close())

for (const name of readdirSync(path('pkg')).filter((name) => name.endsWith('.d.ts'))) {
  test(`${name}: every declaration and every member has a comment`, () => {
    const file = program.getSourceFile(path(`pkg/dist/${name}`))
    const found = [...file.statements].flatMap((statement) => declared(statement, []))
    assert.notEqual(found.length, 0)
    assert.deepEqual(found.filter(({ comment }) => !comment).map(({ name }) => name), [])
  })
}

/** What a node and those in it declare, with their names from the outermost on. */
function declared(node, outer) {
  if (OPAQUE.has(node.kind) || isPrivate(node)) return []
  const isShown = DECLARATIONS.has(node.kind) || MEMBERS.has(node.kind)
  const names = isShown ? [...outer, node.name?.getText() ?? SyntaxKind[node.kind]] : outer
  const found = isShown ? [{ name: names.join('.'), comment: node.jsDoc?.length > 0 }] : []
  node.forEachChild((child) => void found.push(...declared(child, names)))
  return found
}

function isPrivate(node) {
  return node.modifiers?.some(({ kind }) => kind === SyntaxKind.PrivateKeyword)
}

function kinds(...names) {
  return new Set(names.map((name) => SyntaxKind[name] ?? assert.fail(`TypeScript has no ${name}`)))
}
