/** Every language says everything. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { span } from "../src/search/days";
import { exact, instant, relative } from "../src/texts/dates";
import { de } from "../src/texts/de";
import { en } from "../src/texts/en";

const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();

test("German has the texts of English, no more and no less", () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
});

test.each(Object.keys(en) as (keyof typeof en)[])("%s is translated with its values", (key) => {
  expect(de[key].trim()).not.toBe("");
  expect(placeholders(de[key])).toEqual(placeholders(en[key]));
});

test("every text is used", () => {
  const code = sources("src")
    .map((path) => readFileSync(path, "utf-8"))
    .join("\n");
  const unused = Object.keys(en).filter((key) => {
    const group = key.slice(0, key.lastIndexOf("."));
    const asks = [`"${key}"`, `\`${group}.\${`, `counted("${group}"`];
    return !asks.some((each) => code.includes(each));
  });
  expect(unused).toEqual([]);
});

test("dates are told in the reader's words", () => {
  const now = Date.parse("2026-06-15T12:00:00Z");
  expect(instant("2026-06-15T12:00:00.000+0000")).toBe(now);
  expect(relative("2026-06-18T12:00:00.000+0000", now)).toBe("in 3 days");
  expect(relative("2026-06-14T11:00:00.000+0000", now)).toBe("yesterday");
  expect(exact("2026-06-15T12:00:00.000+0000")).toContain("2026");
  expect(span("2026-02-30", now)).toBeNull();
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf-8" })
    .filter((name) => /\.tsx?$/.test(name) && !/texts\/(en|de)\.ts$|schema\.ts$/.test(name))
    .map((name) => join(folder, name));
}
