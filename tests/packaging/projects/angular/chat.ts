import { Component, computed } from '@angular/core'
import { injectFlowise } from './flowise'

const flow = Object.fromEntries(new URLSearchParams(location.search))

@Component({
  selector: 'app-chat',
  template: `
    @for (message of chat.state().messages; track message.id) { <p [class]="message.role">{{ message.text }}</p> }
    @if (chat.state().pendingAction; as action) {
      <p><button (click)="chat.resume('proceed')">{{ action.mapping.approve }}</button></p>
    }
    @if (chat.state().error; as error) { <p role="alert">{{ error.message }}</p> }
    @if (isAnswering()) { <button (click)="chat.stop()">Stop</button> }
    @else { <form (submit)="ask($event, question)"><input #question name="question" /></form> }
  `,
})
export class Chat {
  readonly chat = injectFlowise(flow)
  readonly isAnswering = computed(() => ['submitted', 'streaming'].includes(this.chat.state().status))

  ask(event: Event, question: HTMLInputElement) {
    event.preventDefault()
    this.chat.send(question.value)
    question.value = ''
  }
}
