import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findConfigFile } from "../../src/config/config-paths.ts";
import { defaults } from "../../src/config/defaults.ts";
import { loadConfig, loadDataFolder } from "../../src/config/load-config.ts";
import { configSchema } from "../../src/config/schema.ts";
import { loadText, surroundingsWith, temporaryFolder } from "./config-folder.ts";

test("the defaults without a file are what the schema makes of an empty file", () => {
  expect(configSchema.parse({})).toEqual(defaults);
});

test("an empty file and no file give the same settings", async () => {
  const { config: fromNothing } = await loadConfig({}, surroundingsWith(undefined));
  const { config: fromEmpty } = await loadText("# nothing yet\n");
  expect({ ...fromEmpty, data: "" }).toEqual({ ...fromNothing, data: "" });
});

test("without a file neither zod nor yaml is loaded", () => {
  const module = new URL("../../src/config/load-config.ts", import.meta.url).href;
  const folder = temporaryFolder();
  const script = `
    import { registerHooks } from "node:module";
    const asked = [];
    registerHooks({ resolve: (name, context, next) => (asked.push(name), next(name, context)) });
    const { loadConfig } = await import(${JSON.stringify(module)});
    const folder = ${JSON.stringify(folder)};
    await loadConfig({}, { environment: {}, workingFolder: folder, homeFolder: folder });
    console.log(JSON.stringify(asked));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const asked: unknown = JSON.parse(output);
  expect(asked).toContain("./config-paths.ts");
  expect(asked).not.toContain("zod");
  expect(asked).not.toContain("yaml");
});

describe("precedence", () => {
  const yaml = "listen: {host: 10.0.0.1, port: 1}\ndata: from-file\nsim: true\n";

  test("a file goes over the defaults, and its data folder is relative to it", async () => {
    const surroundings = surroundingsWith(yaml);
    const { config, portChosen, file } = await loadConfig({}, surroundings);
    expect(config.listen).toEqual({ host: "10.0.0.1", port: 1 });
    expect(config.data).toBe(join(surroundings.workingFolder, "from-file"));
    expect(file).toBe(join(surroundings.workingFolder, "entente.yaml"));
    expect(portChosen).toBe(true);
  });

  test("the environment goes over the file", async () => {
    const surroundings = surroundingsWith(yaml, {
      ENTENTE_HOST: "10.0.0.2",
      ENTENTE_PORT: "2",
      ENTENTE_DATA: "/from-environment",
    });
    const { config } = await loadConfig({}, surroundings);
    expect(config.listen).toEqual({ host: "10.0.0.2", port: 2 });
    expect(config.data).toBe("/from-environment");
  });

  test("flags go over the environment", async () => {
    const surroundings = surroundingsWith(yaml, { ENTENTE_HOST: "10.0.0.2", ENTENTE_PORT: "2" });
    const flags = { host: "10.0.0.3", port: 3, data: "from-flag", sim: false };
    const { config } = await loadConfig(flags, surroundings);
    expect(config.listen).toEqual({ host: "10.0.0.3", port: 3 });
    expect(config.data).toBe(join(surroundings.workingFolder, "from-flag"));
    expect(config.sim).toBe(false);
  });

  test("a port that nobody asked for is told apart", async () => {
    expect((await loadText("listen: {host: 0.0.0.0}\n")).portChosen).toBe(false);
    expect((await loadConfig({}, surroundingsWith(undefined))).portChosen).toBe(false);
    expect((await loadConfig({ port: 0 }, surroundingsWith(undefined))).portChosen).toBe(true);
  });

  test.each(["x", "-1", "70000", "8080.5"])("ENTENTE_PORT=%s is refused by name", async (port) => {
    await expect(loadConfig({}, surroundingsWith(undefined, { ENTENTE_PORT: port }))).rejects.toThrow(
      `ENTENTE_PORT: expected a port from 0 to 65535; got "${port}"`,
    );
  });
});

describe("finding the file", () => {
  test("a file that was asked for must be there", async () => {
    await expect(loadConfig({ config: "mine.yaml" }, surroundingsWith("sim: true"))).rejects.toThrow(
      /^--config: there is no file .*mine\.yaml$/,
    );
    await expect(loadConfig({}, surroundingsWith("", { ENTENTE_CONFIG: "other.yaml" }))).rejects.toThrow(
      /^ENTENTE_CONFIG: there is no file/,
    );
  });

  test("the flag goes over the variable, and both over the search", () => {
    const surroundings = surroundingsWith("sim: true", { ENTENTE_CONFIG: "b.yaml" });
    for (const name of ["a.yaml", "b.yaml"]) writeFileSync(join(surroundings.workingFolder, name), "");
    expect(findConfigFile("a.yaml", surroundings)).toBe(join(surroundings.workingFolder, "a.yaml"));
    expect(findConfigFile(undefined, surroundings)).toBe(join(surroundings.workingFolder, "b.yaml"));
  });

  test("data goes to XDG_DATA_HOME, else below the home folder", async () => {
    const plain = surroundingsWith(undefined);
    expect((await loadConfig({}, plain)).config.data).toBe(join(plain.homeFolder, ".local/share/entente"));
    const named = surroundingsWith(undefined, { XDG_DATA_HOME: "/xdg" });
    expect((await loadConfig({}, named)).config.data).toBe("/xdg/entente");
    const relative = surroundingsWith(undefined, { XDG_DATA_HOME: "xdg" });
    expect((await loadConfig({}, relative)).config.data).toBe(
      join(relative.homeFolder, ".local/share/entente"),
    );
  });

  test("the data folder is found although a provider's key is missing", async () => {
    const yaml = "data: ${FOLDER:-here}\nproviders: {a: {kind: openai, apiKey: '${MISSING}'}}\n";
    const surroundings = surroundingsWith(yaml);
    expect(await loadDataFolder({}, surroundings)).toBe(join(surroundings.workingFolder, "here"));
    await expect(loadDataFolder({}, surroundingsWith("data: ${FOLDER}"))).rejects.toThrow(
      /FOLDER is not set/,
    );
    expect(await loadDataFolder({ data: "/flag" }, surroundings)).toBe("/flag");
  });
});
