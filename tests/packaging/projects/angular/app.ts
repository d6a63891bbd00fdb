import { Component, signal } from '@angular/core'
import { Chat } from './chat'

@Component({
  selector: 'app-root',
  imports: [Chat],
  template: `
    @if (isOpen()) { <app-chat /> }
    <button (click)="isOpen.set(false)">Close</button>
  `,
})
export class App {
  readonly isOpen = signal(true)
}
