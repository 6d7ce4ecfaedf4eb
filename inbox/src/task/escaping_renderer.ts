/** The viewer's Markdown, without the HTML that Markdown may have in it. */
import { MarkdownRenderer } from "@bpmn-io/form-js-viewer";

/** The level of the heading that a form has on the page, and the lowest level that there is. */
const ABOVE = 3;
const LOWEST = 6;

export class EscapingRenderer extends MarkdownRenderer {
  override render(markdown: string): string {
    const html = super.render(markdown.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
    return html.replace(
      /(<\/?h)([1-6])(?=[\s>])/g,
      (_, start: string, level: string) => start + Math.min(LOWEST, ABOVE + Number(level)),
    );
  }
}
