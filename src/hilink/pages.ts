/** What is taken from the pages of a stick. */

/** `<meta name="csrf_token" content="..."/>` of a page, all of them. */
export function metaTokens(page: string): string[] {
  return [...page.matchAll(/<meta\b[^>]{0,1000}>/gi)].flatMap(([tag]) => {
    if (!/\bname\s*=\s*["']?csrf_token\b/i.test(tag)) return [];
    return /\bcontent\s*=\s*["']([^"']{1,512})["']/i.exec(tag)?.[1] ?? [];
  });
}
