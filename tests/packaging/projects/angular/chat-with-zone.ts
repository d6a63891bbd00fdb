import { Component, OnDestroy } from '@angular/core'
import { createChat } from 'flowise-stream/store'

const flow = Object.fromEntries(new URLSearchParams(location.search))

/** A component as they were before signals: plain members, which zone.js tells Angular to look at. */
@Component({
  selector: 'app-chat',
  template: `
    @for (message of state.messages; track message.id) { <p [class]="message.role">{{ message.text }}</p> }
    @if (state.pendingAction; as action) {
      <p><button (click)="chat.resume('proceed')">{{ action.mapping.approve }}</button></p>
    }
    @if (state.error; as error) { <p role="alert">{{ error.message }}</p> }
    @if (isAnswering) { <button (click)="chat.stop()">Stop</button> }
    @else { <form (submit)="ask($event, question)"><input #question name="question" /></form> }
  `,
})
export class Chat implements OnDestroy {
  readonly chat = createChat(flow)
  state = this.chat.getSnapshot()
  private readonly ends = [this.chat.subscribe(() => (this.state = this.chat.getSnapshot())), this.chat.retain()]

  get isAnswering() {
    return ['submitted', 'streaming'].includes(this.state.status)
  }

  ask(event: Event, question: HTMLInputElement) {
    event.preventDefault()
    this.chat.send(question.value)
    question.value = ''
  }

  ngOnDestroy() {
    this.ends.forEach((end) => end())
  }
}
