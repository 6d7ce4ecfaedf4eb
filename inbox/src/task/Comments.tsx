/** What people have said about a task, and what one is about to say. */
import { useRef, useState, type FormEvent } from "react";
import { useDraft } from "../drafts";
import { PersonName } from "../parts/people";
import { complain } from "../parts/toasts";
import { When } from "../parts/When";
import { useMe } from "../session/me";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";
import { comment } from "../actions/requests";
import { useWork } from "../actions/use_work";
import { useComments } from "./queries";

export function Comments({ id, version }: { id: string; version: string | null }) {
  const { data = [], error } = useComments(id, version);
  const { mayWrite } = useMe();
  return (
    <section className="part" aria-label={t("comments")}>
      <h3>
        {t("comments")} {data.length > 0 && <span className="count">{data.length}</span>}
      </h3>
      {error && <p role="alert">{explain(error)}</p>}
      {mayWrite && <NewComment id={id} />}
      <ul className="comments">
        {data.map((each) => (
          <li key={each.id}>
            <p className="by">
              {each.userId && <PersonName id={each.userId} />} <When date={each.time} />
            </p>
            <p className="message" dir="auto">
              {each.message}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewComment({ id }: { id: string }) {
  const [text, setText, forget] = useDraft(`${id}.comment`, "");
  const [sending, setSending] = useState(false);
  // The same text is sent once, however often it has to be tried.
  const key = useRef({ text: "", value: "" });
  const work = useWork();

  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || sending) return;
    if (key.current.text !== text) key.current = { text, value: crypto.randomUUID() };
    setSending(true);
    try {
      await comment(id, text, key.current.value);
      forget();
      await work.added(id);
    } catch (problem) {
      complain(explain(problem));
    } finally {
      setSending(false);
    }
  };
  return (
    <form className="new-comment" onSubmit={(event) => void send(event)}>
      <textarea
        name="comment"
        aria-label={t("comment.new")}
        placeholder={t("comment.new")}
        rows={2}
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
      />
      <button type="submit" disabled={!text.trim() || sending}>
        {t("comment.send")}
      </button>
    </form>
  );
}
