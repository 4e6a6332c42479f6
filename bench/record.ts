const begin = "<!-- bench:begin -->";
const end = "<!-- bench:end -->";

/** The page with what stands between its markers replaced. @throws Error where it has no markers. */
export function replaceRecord(page: string, record: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} ... ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${record.trim()}\n\n${page.slice(to)}`;
}
