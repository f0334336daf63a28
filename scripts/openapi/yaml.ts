import { Document, isCollection, isScalar, visit } from 'yaml'

/** The longest list or object that stands on one line, in characters of JSON. Operations never do. */
const ONE_LINE = 600

/** A document as YAML: what is short stands on one line, and so does the value of an example. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Pair: (_, { key, value: held }) => {
      if (isScalar(key) && key.value === 'value' && isCollection(held)) held.flow = true
    },
    Collection: (_, collection) => {
      const text = JSON.stringify(collection)
      if (text.length <= ONE_LINE && !text.includes('"operationId"')) collection.flow = true
    },
  })
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false })
}
