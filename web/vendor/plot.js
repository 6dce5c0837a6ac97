// What charts take from Observable Plot. Load it with import() when a chart is on the page: it is 90 KB.
export * from "@observablehq/plot";
