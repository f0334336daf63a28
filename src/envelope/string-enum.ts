import { Type, type SchemaOptions } from '@sinclair/typebox'

/**
 * One of a list of words: a union of literals in TypeScript, `type: string` with `enum` in JSON Schema, which Swagger
 * UI and validation errors show better than a union of constants.
 */
export const StringEnum = <const Words extends readonly string[]>(
  words: Words,
  options: SchemaOptions = {},
) => Type.Unsafe<Words[number]>({ type: 'string', enum: words, ...options })
