/** Parts of the page that are loaded when they are first shown. */
import { useEffect, useState, type ComponentType } from "react";
import { PACE } from "../api/pulse";
import { t } from "../texts/texts";

/** A part that is loaded when it is first shown; while that fails it is tried again. */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  waiting: "told" | "silent" = "told",
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [Part, show] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (Part) return;
      let left = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const attempt = async () => {
        try {
          const part = (loaded = (await load()).default);
          if (!left) show(() => part);
        } catch {
          if (left) return;
          setFailed(true);
          timer = setTimeout(() => void attempt(), PACE);
        }
      };
      void attempt();
      return () => {
        left = true;
        clearTimeout(timer);
      };
    }, [Part]);
    if (Part) return <Part {...props} />;
    if (failed) {
      return (
        <p className="trouble" role="alert">
          {t("part.failed")}
        </p>
      );
    }
    return waiting === "told" ? <p className="hint">{t("loading")}</p> : null;
  };
}
