/** Documents of a task: shown, saved, and dropped here to be added. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ask, bytes } from "../api/client";
import type { Attachment } from "../api/types";
import { useDrop } from "../parts/dropping";
import { Icon } from "../parts/Icon";
import { complain } from "../parts/toasts";
import { When } from "../parts/When";
import { useMe } from "../session/me";
import { size } from "../texts/dates";
import { isolated, t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { attach } from "../actions/requests";
import { reread } from "../actions/use_work";
import { Preview } from "./Preview";
import { useAttachments } from "./queries";

/** Bytes of a file that the API takes, with some left for the form around it. */
const LARGEST = 4_400_000;

export function Attachments({ id, version }: { id: string; version: string | null }) {
  const { data = [], error } = useAttachments(id, version);
  const { mayWrite } = useMe();
  return (
    <section className="part" aria-label={t("attachments")}>
      <h3>
        {t("attachments")} {data.length > 0 && <span className="count">{data.length}</span>}
      </h3>
      {error && <p role="alert">{explain(error)}</p>}
      <ul className="attachments">
        {data.map((each) => (
          <Line key={each.id} task={id} attachment={each} mayWrite={mayWrite} />
        ))}
      </ul>
      {mayWrite && <Drop id={id} />}
    </section>
  );
}

function Drop({ id }: { id: string }) {
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [sending, setSending] = useState<string | null>(null);

  const add = async (files: readonly File[]) => {
    for (const file of files) {
      if (file.size > LARGEST) {
        complain(t("attach.tooLarge", { name: file.name, limit: size(LARGEST) }));
        continue;
      }
      setSending(file.name);
      try {
        await attach(id, file, crypto.randomUUID());
      } catch (problem) {
        complain(`${isolated(file.name)}: ${explain(problem)}`);
      }
    }
    setSending(null);
    await reread(client, id);
  };
  const over = useDrop(box, (files) => void add(files));
  return (
    <div ref={box} className={over ? "drop over" : "drop"}>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label={t("attach")}
        onChange={(event) => {
          void add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <button type="button" disabled={sending !== null} onClick={() => field.current?.click()}>
        <Icon name="clip" /> {t("attach")}
      </button>
      <span className="hint">
        {sending
          ? t("attach.sending", { name: sending })
          : t("attach.hint", { limit: size(LARGEST) })}
      </span>
    </div>
  );
}

interface LineProps {
  task: string;
  attachment: Attachment;
  mayWrite: boolean;
}

function Line({ task, attachment, mayWrite }: LineProps) {
  const client = useQueryClient();
  const [shown, setShown] = useState(false);
  const name = attachment.name || attachment.url || t("unnamed");
  const path = { id: task, aid: attachment.id };
  const save = async () => {
    try {
      const address = URL.createObjectURL(
        await bytes("/task/{id}/attachment/{aid}/data", { path }),
      );
      const link = Object.assign(document.createElement("a"), { href: address, download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (problem) {
      complain(explain(problem));
    }
  };
  const remove = async () => {
    try {
      await ask("delete", "/task/{id}/attachment/{aid}", { path });
    } catch (problem) {
      complain(explain(problem));
    }
    await reread(client, task);
  };
  return (
    <li>
      <div className="attachment">
        <Icon name="clip" />
        <span className="name" dir="auto">
          {attachment.url && isLink(attachment.url) ? (
            <a href={attachment.url} target="_blank" rel="noreferrer noopener">
              {name}
            </a>
          ) : (
            name
          )}
        </span>
        <When date={attachment.createTime} />
        {!attachment.url && (
          <>
            <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
              {t(shown ? "preview.hide" : "preview.show")}
            </button>
            <button type="button" onClick={() => void save()}>
              {t("attach.save")}
            </button>
          </>
        )}
        {mayWrite && (
          <button
            type="button"
            className="quiet"
            aria-label={t("attach.remove", { name })}
            onClick={() => void remove()}
          >
            <Icon name="trash" />
          </button>
        )}
      </div>
      {shown && <Preview task={task} attachment={attachment.id} name={name} />}
    </li>
  );
}

/** Only addresses of the web are links; `javascript:` and its like are text. */
function isLink(address: string): boolean {
  try {
    return ["https:", "http:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}
