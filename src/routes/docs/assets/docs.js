'use strict'

const root = document.documentElement
const dark = matchMedia('(prefers-color-scheme: dark)')
const setTheme = () => root.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', setTheme)
setTheme()

/** Filters operations by title, path and group. Swagger UI itself filters by group only. */
const filterPlugin = () => ({
  fn: {
    opsFilter: (groups, phrase) => {
      const wanted = phrase.toLowerCase()
      const textOf = (operation, group) =>
        [group, operation.get('path'), operation.getIn(['operation', 'summary'])].join(' ')
      return groups
        .map((group, name) =>
          group.update('operations', (operations) =>
            operations.filter((one) => textOf(one, name).toLowerCase().includes(wanted)),
          ),
        )
        .filter((group) => group.get('operations').size > 0)
    },
  },
})

/** Shows the response of success whole, and of every other status one line until its reader asks for more. */
const compactResponses = ({ React }) => {
  const { createElement, useState } = React
  return {
    wrapComponents: {
      response: (Original) =>
        function Response(props) {
          const [isOpen, setOpen] = useState(props.code === '200')
          if (isOpen) return createElement(Original, props)
          const more = createElement(
            'button',
            {
              type: 'button',
              className: 'more',
              'aria-label': `Details of ${props.code}`,
              onClick: () => setOpen(true),
            },
            'Details',
          )
          return createElement(
            'tr',
            { className: 'response compact', 'data-code': props.code },
            createElement('td', { className: 'response-col_status' }, props.code),
            createElement(
              'td',
              { className: 'response-col_description' },
              createElement('span', {}, props.response.get('description')),
              more,
            ),
          )
        },
    },
  }
}

/** Names the accounts in the banner, as far as the reader may see them. */
async function showAccounts(ui) {
  const place = document.getElementById('accounts')
  if (!place) return
  const key = ui.authSelectors.authorized().getIn(['BearerAuth', 'value'])
  const headers = key ? { authorization: `Bearer ${key}` } : {}
  const response = await fetch('/connections', { headers })
  const { connections } = response.ok ? await response.json() : { connections: [] }
  const accounts = connections
    .filter(({ sandbox }) => !sandbox)
    .map(({ name, region, accountId = 'not known yet' }) => `${accountId} (${name}, ${region})`)
  place.textContent = accounts.length > 0 ? `, account ${accounts.join('; ')}` : ''
}

const accountsPlugin = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        authorize: (original) => (payload) => {
          const result = original(payload)
          void showAccounts(ui)
          return result
        },
      },
    },
  },
})

/** Names the fields that Swagger UI leaves without a name, and lets the keyboard scroll code. */
const names = {
  'select.examples-select-element': 'Example',
  'select.content-type': 'Media type',
  'textarea.body-param__text': 'Request body',
}
new MutationObserver(() => {
  for (const [selector, name] of Object.entries(names)) {
    for (const field of document.querySelectorAll(`${selector}:not([aria-label])`)) {
      field.setAttribute('aria-label', name)
    }
  }
  for (const code of document.querySelectorAll('.microlight:not([tabindex])')) code.tabIndex = 0
}).observe(document.getElementById('swagger-ui'), { childList: true, subtree: true })

const ui = window.SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '/docs/openapi-3.0.json',
  layout: 'BaseLayout',
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: root.dataset.tryItOut === 'true',
  validatorUrl: null,
  defaultModelsExpandDepth: -1,
  defaultModelExpandDepth: 1,
  plugins: [filterPlugin, compactResponses, accountsPlugin],
  onComplete: () => {
    const filter = document.querySelector('.operation-filter-input')
    if (filter) {
      filter.placeholder = 'Filter commands'
      filter.setAttribute('aria-label', 'Filter commands')
    }
    void showAccounts(ui)
  },
})
