/*
 * Runs one test file as the suites do: `npm run test:file -- test/config.test.ts`, or its tests whose title holds a text:
 * `npm run test:file -- test/config.test.ts 'empty value'`. Sources that changed are compiled first, without a check
 * of their types.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { clearApiResponses, reportApiResponses } from './api-responses.mjs'
import { HOOKS } from './test-hooks.mjs'

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)
const outputOf = (path) => `.build/${path.replace(/\.ts$/, '.js')}`

const changed = ['src', 'test', 'scripts']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((path) => /\.(ts|mjs)$/.test(path) && !path.startsWith('test/fixtures/'))
  .filter((path) => modified(path) > modified(outputOf(path)))

if (changed.length > 0) {
  const { default: ts } = await import('typescript')
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8'))
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.')
  for (const path of changed) {
    const output = outputOf(path)
    mkdirSync(dirname(output), { recursive: true })
    const text = readFileSync(path, 'utf8')
    const compiled = path.endsWith('.mjs')
      ? text
      : ts.transpileModule(text, {
          fileName: path,
          compilerOptions: { ...options, module: ts.ModuleKind.ESNext, inlineSourceMap: true },
        }).outputText
    writeFileSync(output, compiled)
  }
}
writeFileSync('.build/package.json', readFileSync('package.json'))

const [file = '', title] = process.argv.slice(2)
clearApiResponses()
const child = spawn(process.execPath, ['--enable-source-maps', ...HOOKS, outputOf(file)], {
  stdio: 'inherit',
  env: { ...process.env, TAP_TIMEOUT: '180', ...(title && { TAP_GREP: title }) },
})
child.once('close', (code) => {
  process.exitCode = code ?? 1
  reportApiResponses()
})
