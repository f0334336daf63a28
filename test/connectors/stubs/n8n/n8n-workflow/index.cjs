'use strict'
const { setTimeout: sleep } = require('node:timers/promises')

// What the node takes of n8n-workflow at run time, written from n8n's documentation.

class NodeOperationError extends Error {
  constructor(node, error, options = {}) {
    super(typeof error === 'string' ? error : error.message, { cause: error })
    this.node = node
    this.description = options.description
    this.context = { itemIndex: options.itemIndex }
  }
}

class NodeApiError extends Error {
  constructor(node, response, options = {}) {
    if (response instanceof NodeApiError) return response
    super(options.message ?? response.message, { cause: response })
    this.node = node
    this.description = options.description
    this.httpCode = options.httpCode ?? null
    this.context = { itemIndex: options.itemIndex }
  }
}

module.exports = {
  NodeApiError,
  NodeConnectionTypes: { Main: 'main' },
  NodeOperationError,
  sleep,
}
