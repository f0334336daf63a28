import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeDocuments } from './documents.js'

/** `npm run openapi`: writes the documents that follow from the code. Run from the repository. */
const documents = await makeDocuments()
for (const [path, text] of Object.entries(documents)) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  process.stdout.write(`wrote ${path}\n`)
}
