/**
 * Fills an empty Flowise through its REST API: an account where one is needed, a credential, an API key, and the flows.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Flow, flowsOf } from './flows.mjs'

const ACCOUNT = { name: 'Tester', email: 'tester@example.com', password: 'Secret-pass-1' }

/**
 * Fills a server.
 *
 * @param {{ version: string, url: string, folder: string, modelUrl: string }} server `folder` is where it is installed
 * @returns {Promise<{ flows: Record<string, string>, apiKey: string }>} the id of each flow by its name, and a key of the server
 */
export async function seed({ version, url, folder, modelUrl }) {
  const call = await signIn(version, url)
  const credential = await call('POST', '/credentials', {
    name: 'scripted model',
    credentialName: 'openAIApi',
    plainDataObj: { openAIApiKey: 'sk-test' }
  })
  const key = await createApiKey(version, call)

  const flows = {}
  for (const { name, template, type, edit, fields = {}, settings, locked, thinks } of flowsOf(version)) {
    const path = join(folder, 'node_modules/flowise/marketplaces', `${template}.json`)
    const flow = new Flow(JSON.parse(await readFile(path, 'utf8')), (kind) => call('GET', `/nodes/${kind}`))
    await edit?.(flow)
    flow.useModel({ url: modelUrl, credential: credential.id, thinks })
    const { id } = await call('POST', '/chatflows', {
      name,
      type,
      flowData: flow.flowData,
      deployed: true,
      isPublic: true,
      ...(locked && { apikeyid: key.id }),
      ...asText(fields)
    })
    if (settings) await call('PUT', `/chatflows/${id}`, asText(settings))
    flows[name] = id
  }
  return { flows, apiKey: key.apiKey }
}

/** The server keeps its settings as JSON in text columns. */
function asText(fields) {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, JSON.stringify(value)]))
}

/** Makes what calls the API as the server's own user interface does. Accounts came with 3.0. */
async function signIn(version, url) {
  const headers = { 'content-type': 'application/json', 'x-request-from': 'internal' }
  const send = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`Flowise ${version} refused ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`)
    return { response, body: text && JSON.parse(text) }
  }
  if (!version.startsWith('2.')) {
    const { name, email, password } = ACCOUNT
    await send('POST', '/account/register', { user: { name, email, credential: password } })
    const { response } = await send('POST', '/auth/login', { email, password })
    headers.cookie = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]).join('; ')
  }
  return async (method, path, body) => (await send(method, path, body)).body
}

async function createApiKey(version, call) {
  const keyName = 'tests'
  const permissions = version.startsWith('2.') ? {} : { permissions: ['chatflows:view'] }
  const keys = await call('POST', '/apikey', { keyName, ...permissions })
  return keys.find((key) => key.keyName === keyName)
}
