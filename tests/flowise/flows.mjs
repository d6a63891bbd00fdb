/**
 * The flows that a test server has: Flowise's own templates, pointed at the scripted model, with what needs an account taken out.
 *
 * A flow here is what the server keeps as `flowData`: nodes, and edges between them by node id.
 */

const BIRDS = `Parrots are birds.

Owls are birds that hunt at night: “hoo-hoo” 🦉.

Bats are not birds.`

const CHAIN = 'chatflows/Conversation Chain'
const CHATFLOW = 'CHATFLOW'
const MULTIAGENT = 'MULTIAGENT'
const AGENTFLOW = 'AGENTFLOW'

/** Flows that every version has. `edit` changes a template; `fields` are further columns of the flow. */
const COMMON = {
  chain: { template: CHAIN },
  parser: { template: 'chatflows/List Output Parser' },
  tool: { template: 'chatflows/Tool Agent', edit: (flow) => flow.remove('serpAPI') },
  docs: { template: 'chatflows/Github Docs QnA', edit: readBirds },
  team: { template: 'agentflows/Software Team', type: MULTIAGENT },
  essay: { template: 'agentflows/Essay Writing & Grading', type: MULTIAGENT },
  ask: { template: 'agentflows/Human In Loop RAG', type: MULTIAGENT, edit: askBeforeCalculating },
  locked: { template: CHAIN, locked: true },
  limited: {
    template: CHAIN,
    // One question a minute.
    settings: { apiConfig: { rateLimit: { status: true, limitMax: 1, limitDuration: 60, limitMsg: 'Too many questions.' } } }
  },
  elsewhere: {
    template: CHAIN,
    fields: { chatbotConfig: { allowedOrigins: ['https://allowed.example'], allowedOriginsError: 'Not on this site.' } }
  },
  files: {
    template: CHAIN,
    fields: { chatbotConfig: { fullFileUpload: { status: true, allowedUploadFileTypes: 'text/plain', pdfFile: { usage: 'perPage' } } } }
  }
}

const FLOWS = {
  '2.0.7': {
    ...COMMON,
    tool: { template: 'chatflows/Multiple Documents QnA', edit: calculateInsteadOfSearching },
    docs: { ...COMMON.docs, template: 'chatflows/Flowise Docs QnA' }
  },
  '3.1.4': {
    ...COMMON,
    translator: { template: 'agentflowsv2/Translator', type: AGENTFLOW },
    thinker: { template: 'agentflowsv2/Translator', type: AGENTFLOW, thinks: true },
    iterations: { template: 'agentflowsv2/Iterations', type: AGENTFLOW },
    supervisor: { template: 'agentflowsv2/Supervisor Worker', type: AGENTFLOW },
    human: { template: 'agentflowsv2/Human In The Loop', type: AGENTFLOW, edit: beginWithQuestion },
    form: { template: 'agentflowsv2/Human In The Loop', type: AGENTFLOW, edit: calculateInsteadOfSending },
    remembers: { template: 'agentflowsv2/Translator', type: AGENTFLOW, edit: remember }
  }
}

/**
 * The flows of a version, by name.
 *
 * @returns {Array<{ name: string, template: string, type: string, edit?: (flow: Flow) => void | Promise<void>, fields?: object,
 *   settings?: object, locked?: boolean, thinks?: boolean }>} `fields` are given when the flow is made, `settings` have an effect
 *   only when it is changed; `locked` ones want an API key.
 */
export function flowsOf(version) {
  return Object.entries(FLOWS[version]).map(([name, flow]) => ({ name, type: CHATFLOW, ...flow }))
}

/** A template that is being edited. */
export class Flow {
  #load

  /**
   * @param {{ nodes: object[], edges: object[] }} template
   * @param {(name: string) => Promise<object>} load gives a kind of node, as the server describes it
   */
  constructor({ nodes, edges }, load) {
    this.nodes = structuredClone(nodes)
    this.edges = structuredClone(edges)
    this.#load = load
  }

  /** The nodes of a kind. */
  named(name) {
    return this.nodes.filter((node) => node.data.name === name)
  }

  /** Takes all nodes of these kinds out, with what leads to and from them. */
  remove(...names) {
    const removed = this.nodes.filter((node) => names.includes(node.data.name)).map((node) => node.id)
    const references = removed.map(reference)
    this.nodes = this.nodes.filter((node) => !removed.includes(node.id))
    this.edges = this.edges.filter(({ source, target }) => !removed.includes(source) && !removed.includes(target))
    for (const { data } of this.nodes) {
      for (const [key, value] of Object.entries(data.inputs ?? {})) {
        if (Array.isArray(value)) data.inputs[key] = value.filter((item) => !references.includes(item))
        else if (references.includes(value)) data.inputs[key] = ''
      }
    }
  }

  /** Puts a node of a kind in. Returns its id. */
  async add(name, { inputs = {}, outputs = {} } = {}) {
    const id = `${name}_0`
    const kind = await this.#load(name)
    const data = { ...kind, id, inputs, outputs, inputParams: kind.inputs ?? [], inputAnchors: [], outputAnchors: [] }
    this.nodes.push({ id, type: 'customNode', position: { x: 0, y: 0 }, data })
    return id
  }

  /** Gives a node's output to an input of another one. One that takes a list keeps what it has. */
  connect(source, target, input) {
    const sourceHandle = `${source}-output`
    const targetHandle = `${target}-input-${input}`
    this.edges.push({ id: `${sourceHandle}-${targetHandle}`, type: 'buttonedge', source, sourceHandle, target, targetHandle })
    const { inputs } = this.nodes.find((node) => node.id === target).data
    inputs[input] = Array.isArray(inputs[input]) ? [...inputs[input], reference(source)] : reference(source)
  }

  /**
   * Lets every model in the flow be the scripted one.
   *
   * @param {{ url: string, credential: string, thinks?: boolean }} model `credential` is the id of an OpenAI key on the server
   */
  useModel({ url, credential, thinks = false }) {
    const openAI = { modelName: 'scripted', temperature: 0, basepath: `${url}/v1`, streaming: true, credential, FLOWISE_CREDENTIAL_ID: credential }
    const ollama = { modelName: 'scripted', baseUrl: url, streaming: true, think: true }
    for (const { data } of this.nodes) {
      if (data.name === 'chatOpenAI' || data.name === 'openAIEmbeddings') {
        data.credential = credential
        data.inputs.modelName = 'scripted'
        data.inputs.basepath = `${url}/v1`
      }
      for (const key of ['llmModel', 'agentModel', 'humanInputModel', 'conditionAgentModel']) {
        if (!(key in (data.inputs ?? {}))) continue
        data.inputs[key] = thinks ? 'chatOllama' : 'chatOpenAI'
        data.inputs[`${key}Config`] = { ...(thinks ? ollama : openAI), [key]: data.inputs[key] }
      }
    }
  }

  /** What the server keeps. */
  get flowData() {
    return JSON.stringify({ nodes: this.nodes, edges: this.edges })
  }
}

function reference(id) {
  return `{{${id}.data.instance}}`
}

/** Retrieval from a text instead of a repository. */
async function readBirds(flow) {
  const [{ id: splitter, data }] = flow.named('markdownTextSplitter')
  // The splitter's default overlap of 200 is refused with a smaller size.
  Object.assign(data.inputs, { chunkSize: '50', chunkOverlap: '1' })
  const [{ id: store }] = flow.named('memoryVectorStore')
  flow.remove('github')
  const text = await flow.add('plainText', { inputs: { text: BIRDS, metadata: '{"title":"Birds"}' }, outputs: { output: 'document' } })
  flow.connect(splitter, text, 'textSplitter')
  flow.connect(text, store, 'document')
}

async function calculateInsteadOfSearching(flow) {
  flow.remove('retrieverTool', 'pinecone', 'openAIEmbeddings')
  const [{ id: agent }] = flow.named('toolAgent')
  flow.connect(await flow.add('calculator'), agent, 'tools')
}

async function askBeforeCalculating(flow) {
  flow.remove('retrieverTool', 'pinecone', 'openAIEmbeddings', 'googleCustomSearch')
  const analyst = flow.named('seqAgent').find((node) => node.data.inputs.interrupt)
  flow.connect(await flow.add('calculator'), analyst.id, 'tools')
}

/** A question instead of a form. */
function beginWithQuestion(flow) {
  const [{ data: start }] = flow.named('startAgentflow')
  start.inputs.startInputType = 'chatInput'
  calculateInsteadOfSending(flow)
}

/** A calculator instead of web search and mail. */
function calculateInsteadOfSending(flow) {
  const [{ data: agent }] = flow.named('agentAgentflow')
  agent.inputs.agentTools = [{ agentSelectedTool: 'calculator', agentSelectedToolConfig: { agentSelectedTool: 'calculator' } }]
  const [{ data: tool }] = flow.named('toolAgentflow')
  Object.assign(tool.inputs, {
    toolAgentflowSelectedTool: 'calculator',
    toolAgentflowSelectedToolConfig: { toolAgentflowSelectedTool: 'calculator' },
    toolInputArgs: [{ inputArgName: 'input', inputArgValue: '6*7' }]
  })
}

/** Its model is sent the earlier messages of the conversation, and the question after them. */
function remember(flow) {
  const [{ data: model }] = flow.named('llmAgentflow')
  const llmMessages = model.inputs.llmMessages.filter(({ role }) => role === 'system')
  Object.assign(model.inputs, { llmMessages, llmEnableMemory: true, llmMemoryType: 'allMessages' })
}
