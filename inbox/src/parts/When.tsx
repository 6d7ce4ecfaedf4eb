/** A date in relative words; the exact one on hover, and for programs that read aloud. */
import { exact, instant, relative } from "../texts/dates";

export function When({ date, late = false }: { date: string; late?: boolean }) {
  const passed = late && instant(date) < Date.now();
  return (
    <time
      dateTime={date.replace("+0000", "Z")}
      title={exact(date)}
      className={passed ? "late" : ""}
    >
      {relative(date)}
    </time>
  );
}
