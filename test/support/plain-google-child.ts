import net from 'node:net'
import tls from 'node:tls'

// Loaded first by a function under test, with `--import`: what it says to Google at its own addresses arrives, without
// TLS, at the stand-in whose port GOOGLE_FRONT is.

const front = Number(process.env['GOOGLE_FRONT'])
const real = tls.connect

Reflect.set(tls, 'connect', (...args: readonly unknown[]) => {
  const [options] = args
  const isNamed = typeof options === 'object' && options !== null && 'servername' in options
  if (!isNamed || !String(options.servername).endsWith('.googleapis.com'))
    return Reflect.apply(real, tls, args)
  const socket = net.connect(front, '127.0.0.1')
  socket.once('connect', () => socket.emit('secureConnect'))
  return socket
})
