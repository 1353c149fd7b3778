/** The part of highlight.js's core and languages that the console uses. */
interface Hljs {
  registerLanguage(name: string, language: unknown): void
  highlight(
    code: string,
    options: { readonly language: string; readonly ignoreIllegals: boolean },
  ): { readonly value: string }
}
declare const hljs: Hljs
// oxlint-disable-next-line import/no-default-export -- it is highlight.js that has one
export default hljs
