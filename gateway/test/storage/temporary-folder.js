import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
const folders = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
/** A folder of the test's own, gone when the test has ended. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "entente-test-"));
  folders.push(folder);
  return folder;
}
