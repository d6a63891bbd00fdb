import { Component } from 'react'

/** Shows `fallback(error)` in the place of children that cannot be rendered; everything around them stays. */
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
