// What is said in English for what stands in Chinese: the page's own words, and the sentences of the assistant's own.
import { NAMES, PARTS, PATTERNS, SENTENCES, WORDS } from "./english-words.js";

// A text of the page in English; as it is where it is not known.
export function inEnglish(text) {
  const said = text.trim();
  if (Object.hasOwn(WORDS, said)) return text.replace(said, () => WORDS[said]);
  const parts = text.split("·"); // one line says several things
  if (parts.length > 1) return parts.map(inEnglish).join("·");
  const [pattern, english] = PATTERNS.find(([pattern]) => pattern.test(said)) ?? [];
  if (pattern) return text.replace(said, () => said.replace(pattern, english));
  return said ? (inSentences(said) ?? text) : text;
}

// Sentences of the assistant's own; null where anything else is among them.
export function inSentences(text) {
  const told = [];
  for (let rest = text.trim(); rest; ) {
    const [pattern, english] = SENTENCES.find(([pattern]) => pattern.test(rest)) ?? [];
    if (!pattern) return null;
    const found = pattern.exec(rest);
    told.push(filled(english, found));
    rest = rest.slice(found[0].length).trim();
  }
  return told.join(" ");
}

// What such a sentence says of a place and a time; as it is where it is not known.
export function part(text) {
  if (Object.hasOwn(NAMES, text)) return NAMES[text];
  const [pattern, english] = PARTS.find(([pattern]) => pattern.test(text)) ?? [];
  return pattern ? filled(english, pattern.exec(text)).replace(/ +/g, " ").trim() : text;
}

const filled = (english, [whole, ...groups]) =>
  english.replace(/\$(\d)/g, (_, at) => {
    const said = groups[at - 1] ?? "";
    return said === whole ? said : part(said);
  });
