/** What Flowise servers say while they answer. The names and the payloads are Flowise's own. */

/** A document that an answer is based on. */
export interface SourceDocument {
  pageContent: string
  /** Whatever the document loader knows: `source`, `loc`, a page number. */
  metadata: Record<string, unknown>
  id?: string
}

/** A tool that was called. */
export interface UsedTool {
  tool: string
  toolInput: unknown
  /** Empty as long as the tool runs. */
  toolOutput: unknown
  sourceDocuments?: unknown
  error?: string
}

/** A file or a picture that was made. */
export interface Artifact {
  /** `png`, `html`, `markdown` and others. */
  type: string
  /** The content, or `FILE-STORAGE::<name>` for a file that the server keeps. */
  data: string
}

/** A file that an answer refers to (OpenAI Assistant). */
export interface FileAnnotation {
  filePath: string
  fileName: string
}

/** What one agent of a multi-agent or sequential flow did. */
export interface AgentReasoning {
  agentName: string
  messages: string[]
  next?: string
  instructions?: string
  usedTools?: (UsedTool | null)[]
  sourceDocuments?: (SourceDocument | null)[]
  artifacts?: (Artifact | null)[]
  state?: Record<string, unknown>
  nodeName?: string
  nodeId?: string
}

/** The state of an AgentFlow, or of one of its nodes. */
export type AgentFlowStatus = 'INPROGRESS' | 'FINISHED' | 'STOPPED' | 'ERROR' | 'TERMINATED' | 'TIMEOUT' | (string & {})

/** A node of an AgentFlow that starts, ends, stops or fails. */
export interface AgentFlowStep {
  nodeId: string
  nodeLabel: string
  status: AgentFlowStatus
  error?: string
}

/** A node of an AgentFlow that has run. It may hold prompts and settings of the flow: think before you show all of it. */
export interface ExecutedNode {
  nodeId: string
  nodeLabel: string
  data: Record<string, unknown>
  previousNodeIds: string[]
  status: AgentFlowStatus
}

/** A question to the person: a flow waits for the answer. `useFlowise().resume`, or `resumption`, answers it. */
export interface Action {
  id: string
  mapping: { approve: string; reject: string; toolCalls?: { name: string; args: unknown; id?: string; type?: string }[] }
  /** The buttons: `approve-button`, `reject-button`; from an AgentFlow v2 with `agentflowv2-` before it. */
  elements: { type: string; label: string }[]
  /** Only from an AgentFlow v2: the node that waits. */
  data?: { nodeId: string; nodeLabel: string; input?: { humanInputEnableFeedback?: boolean; [key: string]: unknown } }
}

/** How many tokens a model read and wrote, as its provider tells it. */
export interface UsageMetadata {
  input_tokens?: number
  output_tokens?: number
  total_tokens?: number
  [key: string]: unknown
}

/** Ids and leftovers, at the end of an answer. */
export interface Metadata {
  chatId: string
  chatMessageId?: string
  question?: string
  sessionId?: string
  memoryType?: string
  /** JSON text; `Prediction.followUpPrompts` has the list. */
  followUpPrompts?: string
  flowVariables?: unknown
  action?: Action
}

/** A step of a run, for tracing. */
export interface AgentTrace {
  step: string
  name?: string
  input?: unknown
  output?: unknown
  error?: unknown
  action?: unknown
  runId?: string
  parentRunId?: string
}

/** Speech begins. */
export interface SpeechStart {
  chatMessageId: string
  /** `mp3`, for instance. */
  format: string
}

/** A piece of speech. */
export interface SpeechData {
  chatMessageId: string
  /** Base64. */
  audioChunk: string
}

/** Speech is over. */
export interface SpeechEnd {
  chatMessageId: string
}

/**
 * The payload of each event.
 *
 * Newer servers and custom nodes may send events that are not in this list: they are passed on like all others.
 */
export interface FlowisePayloads {
  /** The answer begins: with its first token, which comes again as a `token`, or the first `agentReasoning`. AgentFlows v2 do not say it. */
  start: string | AgentReasoning[]
  /** A piece of the answer. */
  token: string
  /** A piece of what the model thinks before it answers. The last one is empty, and has a further member `duration`, in seconds. */
  thinking: string
  /** The documents that the answer is based on. */
  sourceDocuments: SourceDocument[]
  /** The tools that were used, with input and output. */
  usedTools: UsedTool[]
  /** The tools that an AgentFlow's model calls. */
  calledTools: UsedTool[]
  /** A tool that an OpenAI Assistant calls. */
  tool: string
  /** Files and pictures that were made. */
  artifacts: Artifact[]
  /** Files that the answer refers to. */
  fileAnnotations: FileAnnotation[]
  /** All steps of the agents so far. */
  agentReasoning: AgentReasoning[]
  /** The label of the agent whose turn it is. */
  nextAgent: string
  /** The state of an AgentFlow's run. */
  agentFlowEvent: AgentFlowStatus
  /** A node of an AgentFlow starts, ends, stops or fails. */
  nextAgentFlow: AgentFlowStep
  /** All nodes of an AgentFlow that have run so far. */
  agentFlowExecutedData: ExecutedNode[]
  /** The flow waits for a person's decision. */
  action: Action
  /** A step of the run, for tracing. */
  agent_trace: AgentTrace
  /** How many tokens the model read and wrote. */
  usageMetadata: UsageMetadata
  tts_start: SpeechStart
  tts_data: SpeechData
  tts_end: SpeechEnd
  tts_abort: SpeechEnd
  /** The ids of chat, message and session; the last event but one. Servers before 2.1 send it with the reply instead. */
  metadata: Metadata
  /** The run was stopped. */
  abort: undefined
  /** The run has failed. */
  error: string
  /** The stream is complete. Servers before 2.1 say it after each call of a model. */
  end: undefined
  /** A run that is watched from outside is complete. */
  executionEnd: { chatId: string }
}

/** The name of an event that Flowise is known to send. */
export type FlowiseEventName = keyof FlowisePayloads

/** The further members of an event, if it has any, such as the `duration` of `thinking`. */
export type EventExtra = Record<string, unknown>

/** What a listener of each event is called with. */
export type FlowiseEvents = {
  [Name in FlowiseEventName]: FlowisePayloads[Name] extends undefined
    ? () => void
    : (data: FlowisePayloads[Name], extra?: EventExtra) => void
}

/** An event with one of the known names. */
export type KnownPredictionEvent = {
  [Name in FlowiseEventName]: Name extends 'thinking'
    ? { event: Name; data: FlowisePayloads[Name]; duration?: number }
    : { event: Name; data: FlowisePayloads[Name] }
}[FlowiseEventName]

// TypeScript narrows a union only by literal types, and a name that may be any string but these is none; this stands for it.
declare enum OtherName {
  Any = 'a name that is not in the list',
}

/** The name of an event that is not in the list. It may be any string: `const name: string = event.event`. */
export type UnknownEventName = OtherName

/** An event that is not in the list, with all its members. */
export interface UnknownPredictionEvent {
  event: UnknownEventName
  data: unknown
  [member: string]: unknown
}

/**
 * An event of a `PredictionStream`. `switch (event.event)` narrows `event.data`; events that are not in the list end up in
 * its `default` branch.
 */
export type PredictionEvent = KnownPredictionEvent | UnknownPredictionEvent

/** The listeners of all events: known ones are typed, all others take anything. */
export interface AnyEvents extends FlowiseEvents {
  [event: string]: (...args: any[]) => void
}
