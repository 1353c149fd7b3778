import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { assetsFolder } from '../../../shared/console/assets/assets-folder.ts'

/** Puts the stylesheets and scripts of the console into `<folder>/assets`; the code that serves them is in the bundle. */
export function copyAssets(folder: string): void {
  const served = /\.(?:css|svg)$|\/browser(?:\/[\w-]+\.ts)?$/
  cpSync(assetsFolder, join(folder, 'assets'), {
    recursive: true,
    filter: (path) => path === assetsFolder || served.test(path),
  })
}
