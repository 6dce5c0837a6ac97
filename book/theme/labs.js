// mdBook loads this on every page as a classic script; the labs are modules, and only pages that show one need them.
const elements = [...document.querySelectorAll("main *")].filter((element) => element.localName.startsWith("few-"));
if (/\/print(\.html)?$/.test(location.pathname)) {
  // All chapters on one page, to be printed: a lab's pictures, as those see them who read without JavaScript.
  for (const element of elements) {
    const pictures = element.querySelector("noscript");
    const figures = Object.assign(document.createElement("div"), { innerHTML: pictures?.textContent ?? "" });
    element.replaceWith(figures);
  }
} else if (elements.length > 0) {
  const labs = new URL("../lab/", document.currentScript.src);
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("lab.css", labs) }));
  import(new URL("lab.js", labs));
}
