import { enableCompileCache } from "node:module";
import { expect } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { storeContract } from "./contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// As the launcher does: each test starts threads anew.
enableCompileCache();

storeContract("SQLite", () =>
  openSqliteStore({
    folder: temporaryFolder(),
    sole: false,
    onProblem: (message) => expect.fail(message),
  }),
);
