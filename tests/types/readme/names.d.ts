// What the examples of the READMEs take for granted: the page's own names, and packages that are not installed here.

declare const url: string
declare const chatflowId: string
declare const chatId: string
declare const input: { files: FileList }
declare const part: { data: import('flowise-stream').Action }

declare function useState<State>(initial: State): [State, (next: State | ((last: State) => State)) => void]
declare const setAnswer: (next: string | ((last: string) => string)) => void
declare const setSources: (documents: import('flowise-stream').SourceDocument[]) => void
declare function show(text: string): void
declare function render(chat: import('flowise-stream/store').ChatSnapshot): void
declare function list(tools: import('flowise-stream').UsedTool[]): void
declare function process(text: unknown): void

declare const FlowiseStream: typeof import('flowise-stream')

declare module '@assistant-ui/react'
declare module '@assistant-ui/react-ai-sdk'
declare module '@angular/core'
declare module '@copilotkit/react-core/v2'
declare module 'flowise-sdk'
declare module 'solid-js'
declare module 'svelte/reactivity'
declare module 'vue'
