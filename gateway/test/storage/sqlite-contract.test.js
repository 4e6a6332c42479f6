import { expect } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.js";
import { storeContract } from "./contract.js";
import { temporaryFolder } from "./temporary-folder.js";
storeContract("SQLite", () =>
  openSqliteStore({
    folder: temporaryFolder(),
    sole: false,
    onProblem: (message) => expect.fail(message),
  }),
);
