/** The pages of a PDF, drawn here: a frame of another document is not allowed on this page. */
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { t } from "../texts/texts";

GlobalWorkerOptions.workerSrc = worker;

const MOST_PAGES = 10;
const WIDTH = 800;

export default function Pdf({ data, name }: { data: Uint8Array; name: string }) {
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    // The library takes the bytes over, so it gets a copy.
    const loading = getDocument({ data: data.slice(), useWasm: false, enableXfa: false });
    loading.promise.then(setDocument, () => setFailed(true));
    return () => void loading.destroy();
  }, [data]);
  if (failed) return <p className="hint">{t("preview.none")}</p>;
  if (!document) return <p className="hint">{t("loading")}</p>;
  const pages = Math.min(document.numPages, MOST_PAGES);
  return (
    <div className="preview pdf" tabIndex={0} role="group" aria-label={name}>
      {Array.from({ length: pages }, (_, index) => (
        <PdfPage key={index} document={document} number={index + 1} of={document.numPages} />
      ))}
      {document.numPages > pages && <p className="hint">{t("preview.more", { n: pages })}</p>}
    </div>
  );
}

interface PageProps {
  document: PDFDocumentProxy;
  number: number;
  of: number;
}

function PdfPage({ document, number, of }: PageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    let left = false;
    void (async () => {
      const page = await document.getPage(number);
      const content = await page.getTextContent();
      if (left || !canvas.current) return;
      setText(content.items.map((item) => ("str" in item ? item.str : "")).join(" "));
      const scale = WIDTH / page.getViewport({ scale: 1 }).width;
      const viewport = page.getViewport({ scale });
      Object.assign(canvas.current, { width: viewport.width, height: viewport.height });
      // For the screen, the library would draw a part with each frame: none in a hidden tab.
      const drawing = page.render({ canvas: canvas.current, viewport, intent: "print" });
      await drawing.promise.catch(() => undefined);
    })();
    return () => {
      left = true;
    };
  }, [document, number]);
  return (
    <canvas ref={canvas} role="img" aria-label={`${t("preview.page", { number, of })} ${text}`} />
  );
}
