/** The viewer's Markdown, without the HTML that Markdown may have in it. */
import { MarkdownRenderer } from "@bpmn-io/form-js-viewer";

export class EscapingRenderer extends MarkdownRenderer {
  override render(markdown: string): string {
    return super.render(markdown.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
  }
}
