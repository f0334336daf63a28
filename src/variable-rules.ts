/** The rule of one environment variable, as its schema has it. */
export interface VariableRule {
  type?: string
  anyOf?: { const: string }[]
  minimum?: number
  maximum?: number
}

/** A validation error of Ajv: the variable stands first in its path. */
export interface SchemaError {
  instancePath: string
}

/**
 * Says for every variable that breaks its schema what it must be: Ajv's own messages name keywords, and several for one
 * variable.
 */
export function variableErrors(
  errors: readonly SchemaError[],
  rules: Record<string, VariableRule>,
): string[] {
  const names = new Set(errors.map(({ instancePath }) => instancePath.split('/')[1] ?? ''))
  return [...names].map((name) => `${name} must be ${ruleOf(rules[name] ?? {})}`)
}

function ruleOf({ type, anyOf, minimum, maximum }: VariableRule): string {
  if (anyOf) return anyOf.map((one) => one.const).join(' or ')
  if (type === 'boolean') return 'true or false'
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  return `${kind} from ${minimum} to ${maximum}`
}
