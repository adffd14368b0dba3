/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a page.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} block
 */
export function between(text, name, block) {
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- /${name} -->)`);
  if (!marked.test(text)) throw new Error(`the page has no place for ${name}`);
  return text.replace(marked, (_, before, after) => `${before}${block}\n${after}`);
}
