/** The events of Flowise servers. Names and payloads are Flowise's own. */

/** A document that an answer is based on. */
export interface SourceDocument {
  /** The text of the passage. */
  pageContent: string
  /** What the document loader adds: `source`, `loc`, a page number. */
  metadata: Record<string, unknown>
  /** Its id in the vector store, if the store has one. */
  id?: string
}

/** A tool that was called. */
export interface UsedTool {
  /** The name of the tool. */
  tool: string
  /** Its input, usually an object. */
  toolInput: unknown
  /** Its output. Empty while the tool runs. */
  toolOutput: unknown
  /** The documents that it found, if it is a retriever. */
  sourceDocuments?: unknown
  /** Why it failed. */
  error?: string
}

/** A file or a picture that the run made. */
export interface Artifact {
  /** `png`, `html`, `markdown` and others. */
  type: string
  /** The content, or `FILE-STORAGE::<name>` for a file that the server keeps. */
  data: string
}

/** A file that an answer refers to (OpenAI Assistant). */
export interface FileAnnotation {
  /** Its path on the server. */
  filePath: string
  /** Its name on the server. */
  fileName: string
}

/** What one agent of a multi-agent or sequential flow did. */
export interface AgentReasoning {
  /** The name of the agent in the flow. */
  agentName: string
  /** Its messages. */
  messages: string[]
  /** The agent whose turn is next, if a supervisor names it. */
  next?: string
  /** What the supervisor tells the next one to do. */
  instructions?: string
  /** The tools that it used. May contain nulls. */
  usedTools?: (UsedTool | null)[]
  /** The documents that it found. May contain nulls. */
  sourceDocuments?: (SourceDocument | null)[]
  /** The files and pictures that it made. May contain nulls. */
  artifacts?: (Artifact | null)[]
  /** The state of a sequential flow after it. */
  state?: Record<string, unknown>
  /** The kind of node, such as `seqAgent`. */
  nodeName?: string
  /** The id of its node in the flow. */
  nodeId?: string
}

/** The state of an AgentFlow, or of one of its nodes. */
export type AgentFlowStatus = 'INPROGRESS' | 'FINISHED' | 'STOPPED' | 'ERROR' | 'TERMINATED' | 'TIMEOUT' | (string & {})

/** A node of an AgentFlow that starts, ends, stops or fails. */
export interface AgentFlowStep {
  /** The id of the node in the flow. */
  nodeId: string
  /** Its name in the flow. */
  nodeLabel: string
  /** Its state. */
  status: AgentFlowStatus
  /** Why it failed. */
  error?: string
}

/** A node of an AgentFlow that has run. It may hold prompts and settings of the flow: do not show all of it to users. */
export interface ExecutedNode {
  /** The id of the node in the flow. */
  nodeId: string
  /** Its name in the flow. */
  nodeLabel: string
  /** `input`, `output`, `state`, and more. */
  data: Record<string, unknown>
  /** The nodes that led to it. */
  previousNodeIds: string[]
  /** Its state. */
  status: AgentFlowStatus
}

/** A decision that a flow waits for. Answer it with `useFlowise().resume` or `resumption`. */
export interface Action {
  /** The id of this question. */
  id: string
  /** The labels of the two buttons, and the tool calls to decide on. */
  mapping: {
    /** The label of the button that says yes. */
    approve: string
    /** The label of the button that says no. */
    reject: string
    /** The tool calls that wait for the decision. */
    toolCalls?: {
      /** The tool. */
      name: string
      /** The input of the call. */
      args: unknown
      /** The id that the model gave to the call. */
      id?: string
      /** `tool_call`, for instance. */
      type?: string
    }[]
  }
  /** The buttons: `approve-button`, `reject-button`; in an AgentFlow v2 with the prefix `agentflowv2-`. */
  elements: {
    /** What the button does. */
    type: string
    /** The label of the button. */
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
      /** Whether the person may add a comment. */
      humanInputEnableFeedback?: boolean
      [key: string]: unknown
    }
  }
}

/** How many tokens a model read and wrote, as its provider reports it. */
export interface UsageMetadata {
  /** Tokens of the prompt: the question and all that the flow puts before it. */
  input_tokens?: number
  /** Tokens of the answer. */
  output_tokens?: number
  /** The sum of both. */
  total_tokens?: number
  [key: string]: unknown
}

/** Ids and other data about an answer, sent at its end. */
export interface Metadata {
  /** The conversation. */
  chatId: string
  /** The id of the answer, for feedback. */
  chatMessageId?: string
  /** The question as the flow received it; for speech, its transcript. */
  question?: string
  /** The memory of the conversation. */
  sessionId?: string
  /** The kind of memory that the flow has, such as `Buffer Memory`. */
  memoryType?: string
  /** Suggested next questions, as JSON text. `Prediction.followUpPrompts` holds the parsed list. */
  followUpPrompts?: string
  /** The flow's variables after the run. */
  flowVariables?: unknown
  /** The decision that the flow waits for. Flowise 3.1.2 and later; earlier versions send only the event `action`. */
  action?: Action
}

/** A step of a run, for tracing. */
export interface AgentTrace {
  /** The kind of step: `tool_start`, `tool_end`, and others. */
  step: string
  /** The tool or the agent. */
  name?: string
  /** Its input. */
  input?: unknown
  /** Its output. */
  output?: unknown
  /** Why it failed. */
  error?: unknown
  /** What the agent decided to do. */
  action?: unknown
  /** The id of the step. */
  runId?: string
  /** The id of the parent step. */
  parentRunId?: string
}

/** Speech begins. */
export interface SpeechStart {
  /** The spoken message. */
  chatMessageId: string
  /** `mp3`, for instance. */
  format: string
}

/** A piece of speech. */
export interface SpeechData {
  /** The spoken message. */
  chatMessageId: string
  /** The audio, in Base64. */
  audioChunk: string
}

/** Speech is over. */
export interface SpeechEnd {
  /** The spoken message. */
  chatMessageId: string
}

/**
 * The payload of each event.
 *
 * Events of newer servers and custom nodes that are not in this list are delivered like all others.
 */
export interface FlowisePayloads {
  /** The answer begins. Holds the first token, which `token` repeats, or the first `agentReasoning`. AgentFlows v2 do not send it. */
  start: string | AgentReasoning[]
  /** A piece of the answer. */
  token: string
  /**
   * A piece of the model's thinking before the answer. The last one is empty and has the further member `duration`, in seconds.
   * Flowise 3.1 and later.
   */
  thinking: string
  /** The documents that the answer is based on. */
  sourceDocuments: SourceDocument[]
  /** The tools that the run used, with input and output. */
  usedTools: UsedTool[]
  /** The tools that an AgentFlow's model calls, before they have run. Flowise 3.0 and later. */
  calledTools: UsedTool[]
  /** A tool that an OpenAI Assistant calls. */
  tool: string
  /** Files and pictures that the run made. */
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
  /** Speech begins, in a chatflow that speaks all its answers. All `tts_…` events: Flowise 3.0.8 and later. */
  tts_start: SpeechStart
  /** A piece of speech. */
  tts_data: SpeechData
  /** Speech is complete. */
  tts_end: SpeechEnd
  /** Speech was stopped. */
  tts_abort: SpeechEnd
  /** The ids of chat, message and session; the second to last event. Servers before 2.1 send it in the reply instead. */
  metadata: Metadata
  /** The run was stopped. */
  abort: undefined
  /** The run failed. Holds the message. */
  error: string
  /** The stream is complete. Servers before 2.1 send it after each model call. */
  end: undefined
  /** A run watched from outside, such as a webhook's, is complete. Flowise 3.1.3 and later. */
  executionEnd: {
    /** The conversation. */
    chatId: string
  }
}

/** The name of an event that Flowise is known to send. */
export type FlowiseEventName = keyof FlowisePayloads

/** The further members of an event, if it has any, such as the `duration` of `thinking`. */
export type EventExtra = Record<string, unknown>

/** The listener of each event. */
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
 * Stands for a name that is not in the list. TypeScript narrows a union only by literal types, and "any string but these" is not one.
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
  /** Its payload. */
  data: unknown
  [member: string]: unknown
}

/**
 * An event of a `PredictionStream`. `switch (event.event)` narrows `event.data`; events that are not in the list end up in
 * its `default` branch.
 */
export type PredictionEvent = KnownPredictionEvent | UnknownPredictionEvent

/** The listeners of all events. Those of known events are typed; all others accept anything. */
export interface AnyEvents extends FlowiseEvents {
  [event: string]: (...args: any[]) => void
}
