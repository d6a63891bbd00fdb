/** What Flowise servers say while they answer. The names and the payloads are Flowise's own. */

/** A document that an answer is based on. */
export interface SourceDocument {
  /** The text of the passage. */
  pageContent: string
  /** Whatever the document loader knows: `source`, `loc`, a page number. */
  metadata: Record<string, unknown>
  /** The vector store's id of it, if it gives one. */
  id?: string
}

/** A tool that was called. */
export interface UsedTool {
  /** The name of the tool. */
  tool: string
  /** What it was called with: mostly an object. */
  toolInput: unknown
  /** Empty as long as the tool runs. */
  toolOutput: unknown
  /** The documents that it found, if it is one that searches. */
  sourceDocuments?: unknown
  /** Why it failed. */
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
  /** Its path, as the server has it. */
  filePath: string
  /** Its name on the server. */
  fileName: string
}

/** What one agent of a multi-agent or sequential flow did. */
export interface AgentReasoning {
  /** Who it was: its name in the flow. */
  agentName: string
  /** What it said. */
  messages: string[]
  /** Whose turn is next, if a supervisor says so. */
  next?: string
  /** What the supervisor tells the next one to do. */
  instructions?: string
  /** The tools that it used; null where there was none. */
  usedTools?: (UsedTool | null)[]
  /** The documents that it found; null where there was none. */
  sourceDocuments?: (SourceDocument | null)[]
  /** What it made; null where there was nothing. */
  artifacts?: (Artifact | null)[]
  /** The state of a sequential flow after it. */
  state?: Record<string, unknown>
  /** The kind of its node, such as `seqAgent`. */
  nodeName?: string
  /** Its node in the flow. */
  nodeId?: string
}

/** The state of an AgentFlow, or of one of its nodes. */
export type AgentFlowStatus = 'INPROGRESS' | 'FINISHED' | 'STOPPED' | 'ERROR' | 'TERMINATED' | 'TIMEOUT' | (string & {})

/** A node of an AgentFlow that starts, ends, stops or fails. */
export interface AgentFlowStep {
  /** The node: its id in the flow. */
  nodeId: string
  /** Its name in the flow. */
  nodeLabel: string
  /** What has become of it. */
  status: AgentFlowStatus
  /** Why it failed. */
  error?: string
}

/** A node of an AgentFlow that has run. It may hold prompts and settings of the flow: think before you show all of it. */
export interface ExecutedNode {
  /** The node: its id in the flow. */
  nodeId: string
  /** Its name in the flow. */
  nodeLabel: string
  /** What it was given and what it gave: `input`, `output`, `state`, and more. */
  data: Record<string, unknown>
  /** The nodes that led to it. */
  previousNodeIds: string[]
  /** What has become of it. */
  status: AgentFlowStatus
}

/** A question to the person: a flow waits for the answer. `useFlowise().resume`, or `resumption`, answers it. */
export interface Action {
  /** The id of this question. */
  id: string
  /** The words of the two decisions, and what is decided on. */
  mapping: {
    /** The label of the button that says yes. */
    approve: string
    /** The label of the button that says no. */
    reject: string
    /** The calls of tools that wait for the decision. */
    toolCalls?: {
      /** The tool. */
      name: string
      /** What it is to be called with. */
      args: unknown
      /** The model's id of the call. */
      id?: string
      /** `tool_call`, for instance. */
      type?: string
    }[]
  }
  /** The buttons: `approve-button`, `reject-button`; from an AgentFlow v2 with `agentflowv2-` before it. */
  elements: {
    /** What the button does. */
    type: string
    /** What is written on it. */
    label: string
  }[]
  /** Only from an AgentFlow v2: the node that waits. */
  data?: {
    /** Its id: `HumanInput.startNodeId`. */
    nodeId: string
    /** Its name in the flow. */
    nodeLabel: string
    /** Its settings. */
    input?: {
      /** Whether the person may say something besides yes or no. */
      humanInputEnableFeedback?: boolean
      [key: string]: unknown
    }
  }
}

/** How many tokens a model read and wrote, as its provider tells it. */
export interface UsageMetadata {
  /** Those of the question, with all that the flow puts before it. */
  input_tokens?: number
  /** Those of the answer. */
  output_tokens?: number
  /** Both together. */
  total_tokens?: number
  [key: string]: unknown
}

/** Ids and leftovers, at the end of an answer. */
export interface Metadata {
  /** The conversation. */
  chatId: string
  /** The id of the answer, for feedback. */
  chatMessageId?: string
  /** The question, as the flow took it: of speech, its text. */
  question?: string
  /** The memory that the conversation goes on with. */
  sessionId?: string
  /** The kind of memory that the flow has, such as `Buffer Memory`. */
  memoryType?: string
  /** JSON text; `Prediction.followUpPrompts` has the list. */
  followUpPrompts?: string
  /** The flow's variables, as the run has left them. */
  flowVariables?: unknown
  /** What the flow waits for. Flowise 3.1.2 and later; before, the event `action` alone says it. */
  action?: Action
}

/** A step of a run, for tracing. */
export interface AgentTrace {
  /** What happens: `tool_start`, `tool_end`, and the like. */
  step: string
  /** The tool or the agent. */
  name?: string
  /** What it is given. */
  input?: unknown
  /** What it gives. */
  output?: unknown
  /** Why it failed. */
  error?: unknown
  /** What the agent has decided to do. */
  action?: unknown
  /** The id of the step. */
  runId?: string
  /** The id of the step that this one is a part of. */
  parentRunId?: string
}

/** Speech begins. */
export interface SpeechStart {
  /** The message that is spoken. */
  chatMessageId: string
  /** `mp3`, for instance. */
  format: string
}

/** A piece of speech. */
export interface SpeechData {
  /** The message that is spoken. */
  chatMessageId: string
  /** Base64. */
  audioChunk: string
}

/** Speech is over. */
export interface SpeechEnd {
  /** The message that was spoken. */
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
  /**
   * A piece of what the model thinks before it answers. The last one is empty, and has a further member `duration`, in seconds.
   * Flowise 3.1 and later.
   */
  thinking: string
  /** The documents that the answer is based on. */
  sourceDocuments: SourceDocument[]
  /** The tools that were used, with input and output. */
  usedTools: UsedTool[]
  /** The tools that an AgentFlow's model calls, before they have run. Flowise 3.0 and later. */
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
  /** The state of an AgentFlow's run. Flowise 3.0 and later. */
  agentFlowEvent: AgentFlowStatus
  /** A node of an AgentFlow starts, ends, stops or fails. Flowise 3.0 and later. */
  nextAgentFlow: AgentFlowStep
  /** All nodes of an AgentFlow that have run so far. Flowise 3.0 and later. */
  agentFlowExecutedData: ExecutedNode[]
  /** The flow waits for a person's decision. */
  action: Action
  /** A step of the run, for tracing. Flowise 2.2.8 and later. */
  agent_trace: AgentTrace
  /** How many tokens the model read and wrote. Flowise 3.0 and later. */
  usageMetadata: UsageMetadata
  /** Speech begins, in a chatflow that speaks its answers by itself. Flowise 3.0.8 and later, as all `tts_…`. */
  tts_start: SpeechStart
  /** A piece of speech. */
  tts_data: SpeechData
  /** Speech is complete. */
  tts_end: SpeechEnd
  /** Speech was stopped. */
  tts_abort: SpeechEnd
  /** The ids of chat, message and session; the last event but one. Servers before 2.1 send it with the reply instead. */
  metadata: Metadata
  /** The run was stopped. */
  abort: undefined
  /** The run has failed. */
  error: string
  /** The stream is complete. Servers before 2.1 say it after each call of a model. */
  end: undefined
  /** A run that is watched from outside, such as a webhook's, is complete. Flowise 3.1.3 and later. */
  executionEnd: {
    /** The conversation. */
    chatId: string
  }
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

/**
 * Stands for a name that is in no list. TypeScript narrows a union only by literal types, and "any string but these" is none.
 */
declare enum OtherName {
  /** Any such name. */
  Any = 'a name that is not in the list',
}

/** The name of an event that is not in the list. It may be any string: `const name: string = event.event`. */
export type UnknownEventName = OtherName

/** An event that is not in the list, with all its members. */
export interface UnknownPredictionEvent {
  /** Its name. */
  event: UnknownEventName
  /** Its payload, whatever that is. */
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
