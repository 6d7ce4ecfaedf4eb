/** Small pictures; a component that shows one says its meaning in words beside it. */

const PATHS = {
  inbox: "M3 13h5l2 3h4l2-3h5M5 5h14l2 8v6H3v-6z",
  people:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6m-6 8a6 6 0 0 1 12 0m1-8a3 3 0 0 0 0-6m5 14a6 6 0 0 0-4-5.6",
  circle: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v5m8-5v5",
  alarm: "M12 6a7 7 0 1 0 0 14 7 7 0 0 0 0-14m0 3v4l3 2M4 5l3-2m13 2-3-2",
  pause: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m-2 6v6m4-6v6",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14m5 12 5 5",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  back: "M19 12H5m6-6-6 6 6 6",
  menu: "M4 7h16M4 12h16M4 17h16",
  check: "M5 13l4 4L19 7",
  comment: "M4 5h16v11H10l-5 4v-4H4z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
  flag: "M5 21V4h13l-3 4.5L18 13H5",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6m0-6v3m0 12v3m9-9h-3M6 12H3m15.4-6.4-2.1 2.1M7.7 16.3l-2.1 2.1m12.8 0-2.1-2.1M7.7 7.7 5.6 5.6",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m-2.5 7a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7m0 3h.01",
  edit: "M4 20h4L20 8l-4-4L4 16z",
  trash: "M4 7h16M9 7V4h6v3m-9 0 1 13h10l1-13",
  sort: "M7 4v16m-3-3 3 3 3-3M17 20V4m-3 3 3-3 3 3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
