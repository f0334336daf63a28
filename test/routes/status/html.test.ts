import t from 'tap'
import { html } from '../../../src/routes/status/html.js'

t.test('escapes every value of a template in tags and attributes', (t) => {
  const hostile = `"><script>alert('x')</script>&`
  t.equal(
    html`<p title="${hostile}">${hostile}</p>`.text,
    '<p title="&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;">&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;</p>',
  )
  t.equal(
    html`${html`<b>${1}</b>`}${[html`<i>a</i>`, html`<i>b</i>`]}`.text,
    '<b>1</b><i>a</i><i>b</i>',
  )
  t.end()
})
