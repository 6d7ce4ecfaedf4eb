/** Files dropped on the page: where nothing takes them they must not replace the page. */
import { useEffect, useState, type RefObject } from "react";

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** From now on a file that is dropped beside every place for it is left alone. */
export function guardAgainstDrops(): void {
  addEventListener("dragover", (event) => {
    if (event.defaultPrevented || !hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = "none";
  });
  addEventListener("drop", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
}

/** Takes files that are dropped anywhere on the task around an element; whether some are above. */
export function useDrop(inside: RefObject<HTMLElement | null>, take: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const place = inside.current?.closest<HTMLElement>(".pane");
    if (!place) return;
    const dragged = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) {
        setOver(false);
      }
    };
    const dropped = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      take([...event.dataTransfer!.files]);
    };
    place.addEventListener("dragover", dragged);
    place.addEventListener("dragleave", left);
    place.addEventListener("drop", dropped);
    return () => {
      place.removeEventListener("dragover", dragged);
      place.removeEventListener("dragleave", left);
      place.removeEventListener("drop", dropped);
    };
  });
  return over;
}
