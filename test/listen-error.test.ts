import t from 'tap'
import { ListenError, listenError } from '../src/listen-error.js'

const ADDRESS = { hostVariable: 'HOST', host: '0.0.0.0', portVariable: 'PORT', port: 80 }
const failing = (code: string) => Object.assign(new Error('listen failed'), { code })

t.test(
  'names the variable of a port that the user may not open, and the ports it may',
  async (t) => {
    const error = listenError(failing('EACCES'), ADDRESS)
    t.type(error, ListenError)
    t.match(error, { message: 'PORT 80 is not open to this user: set PORT to a port from 1024' })
  },
)

t.test('returns an error that is not about the address as it is', async (t) => {
  for (const error of [failing('EMFILE'), new TypeError('a defect')]) {
    t.equal(listenError(error, ADDRESS), error)
  }
})
