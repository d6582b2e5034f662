// tus.mjs FILE ENDPOINT PARTS: uploads a file with tus-js-client, and begins again where it was for as long as it fails.
import fs from 'node:fs'
import process from 'node:process'
import * as tus from 'tus-js-client'

const [file, endpoint, parts] = process.argv.slice(2)
const MOST = 100
let attempts = 1

const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  parallelUploads: Number(parts),
  chunkSize: Infinity,
  metadata: { filename: 'disk.raw' },
  retryDelays: Array(30).fill(500),
  onSuccess: () => {
    console.log(`${attempts}`)
    process.exit(0)
  },
  onError: (error) => {
    console.error(`${error.message}`)
    if (attempts++ === MOST) process.exit(1)
    setTimeout(() => upload.start(), 500)
  },
})
upload.start()
