import { Document, isScalar, visit } from 'yaml'

/** A document as YAML: short lists, and references, stand on one line. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Seq: (_, seq) => {
      if (seq.items.every(isScalar)) seq.flow = true
    },
    Map: (_, map) => {
      if (map.has('$ref') && map.items.length === 1) map.flow = true
    },
  })
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false })
}
