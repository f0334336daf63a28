import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes'
import * as parser from '@typescript-eslint/parser'

/** n8n's rules for community nodes, those of n8n Cloud included. */
export default [
  { ignores: ['dist/'] },
  {
    ...n8nCommunityNodesPlugin.configs.recommended,
    files: ['**/*.ts', 'package.json'],
    languageOptions: { parser, parserOptions: { extraFileExtensions: ['.json'] } },
  },
]
