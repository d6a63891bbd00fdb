/** The error class of the package. */
export class FlowiseError extends Error {
  constructor(message, code, status, cause) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'FlowiseError'
    this.code = code
    this.status = status
  }
}

/** Also true for errors of another copy of this package. */
export const isFlowiseError = (error) => error instanceof Error && error.name === 'FlowiseError'
