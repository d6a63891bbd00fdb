import { Component } from 'react'

/** Shows `fallback(error)` in place of children that fail to render. The rest of the page stays. */
export class ErrorBoundary extends Component {
  state = { error: undefined }

  static getDerivedStateFromError(error) {
    return { error: error ?? new Error('unknown') }
  }

  render() {
    const { error } = this.state
    return error ? this.props.fallback(error) : this.props.children
  }
}
