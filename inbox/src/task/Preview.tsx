/** A picture, a PDF or a text that is attached, as far as a page can show it. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { bytes } from "../api/client";
import { untilAnswered } from "../api/pulse";
import { later } from "../parts/later";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";

const Pdf = later(() => import("./Pdf"));

const PICTURES: readonly (readonly [string, readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
];
const PDF = [0x25, 0x50, 0x44, 0x46];
const LONGEST_TEXT = 20_000;

type Content =
  | { kind: "picture"; blob: Blob }
  | { kind: "pdf"; data: Uint8Array }
  | { kind: "text"; text: string }
  | { kind: "other" };

/** What bytes are is read from the bytes: names and types are whatever somebody gave. */
export async function recognized(blob: Blob): Promise<Content> {
  const data = new Uint8Array(await blob.arrayBuffer());
  const starts = (mark: readonly number[]) => mark.every((byte, index) => data[index] === byte);
  const picture = PICTURES.find(([, mark]) => starts(mark));
  if (picture) return { kind: "picture", blob: new Blob([data], { type: picture[0] }) };
  if (starts(PDF)) return { kind: "pdf", data };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    if (!text.includes("\0")) return { kind: "text", text: text.slice(0, LONGEST_TEXT) };
  } catch {
    // No text then.
  }
  return { kind: "other" };
}

interface Props {
  task: string;
  attachment: string;
  name: string;
}

export function Preview({ task, attachment, name }: Props) {
  const { data, error } = useQuery({
    queryKey: ["preview", attachment],
    queryFn: async () => {
      const path = { id: task, aid: attachment };
      return recognized(await bytes("/task/{id}/attachment/{aid}/data", { path }));
    },
    staleTime: Infinity,
    gcTime: 60_000,
    refetchInterval: untilAnswered,
  });
  if (error) return <p role="alert">{explain(error)}</p>;
  if (!data) return <p className="hint">{t("loading")}</p>;
  if (data.kind === "picture") return <Picture blob={data.blob} name={name} />;
  if (data.kind === "text") {
    return (
      <pre className="preview" dir="auto" tabIndex={0} aria-label={name}>
        {data.text}
      </pre>
    );
  }
  if (data.kind === "pdf") {
    return <Pdf data={data.data} name={name} />;
  }
  return <p className="hint">{t("preview.none")}</p>;
}

function Picture({ blob, name }: { blob: Blob; name: string }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address ? <img className="preview" src={address} alt={name} /> : null;
}
