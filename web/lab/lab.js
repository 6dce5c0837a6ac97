// The labs: custom elements drawn by the library itself. Pages load this module, and the book loads it where a chapter
// contains one of them. Each lab has a module of its own in this folder, imported here.
import "./few-hyperloglog.js";
