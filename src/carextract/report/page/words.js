const LANGUAGES = ["en", "zh"];
const LANGUAGE_KEY = "carextract.language";

let allWords = {};
let language = "en";

/** What the page says by a key; `{name}` in it is replaced by the value of that name. */
function word(key, values = {}) {
  const said = allWords[key]?.[language] ?? key;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** What the page says if it has words for a key, else the key itself as a paper or rule wrote it. */
const wordOr = (key, otherwise) => (key in allWords ? word(key) : otherwise);

/** A text that is the same in all languages, or the one of several in the language chosen. */
const inLanguage = (text) => (typeof text === "string" ? text : text[language]);

/** A number with its thousands marked, as the language does. */
const countText = (number) => number.toLocaleString(language === "zh" ? "zh-CN" : "en");

function storedLanguage() {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

/** The language chosen here before, else the browser's. */
function firstLanguage() {
  const stored = storedLanguage();
  if (LANGUAGES.includes(stored)) return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Say everything that stands in the page from the start in a language. */
function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-Hans" : "en";
  for (const each of document.querySelectorAll("[data-word]")) {
    each.textContent = word(each.dataset.word);
  }
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", word(each.dataset.label));
  }
  for (const each of document.querySelectorAll("[data-hint]")) {
    each.placeholder = word(each.dataset.hint);
  }
  byId("language").textContent = chosen === "zh" ? "English" : "中文";
  byId("language").lang = chosen === "zh" ? "en" : "zh-Hans";
}

function keepLanguage() {
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}
