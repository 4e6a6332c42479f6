import { expect } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { storeContract } from "./contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

storeContract("SQLite", () =>
  openSqliteStore({
    folder: temporaryFolder(),
    sole: false,
    onProblem: (message) => expect.fail(message),
  }),
);
