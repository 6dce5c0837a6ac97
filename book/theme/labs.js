// mdBook loads this on every page as a classic script; the labs are modules, and only pages that show one need them.
if ([...document.querySelectorAll("main *")].some((element) => element.localName.startsWith("few-"))) {
  const labs = new URL("../lab/", document.currentScript.src);
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("lab.css", labs) }));
  import(new URL("lab.js", labs));
}
// Below the playground the book is there without a network, too, once a page of it was seen.
navigator.serviceWorker?.register(new URL("../../sw.js", document.currentScript.src)).catch(() => {});
