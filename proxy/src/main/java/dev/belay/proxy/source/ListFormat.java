package dev.belay.proxy.source;

/** How a list of proxies is written. */
public enum ListFormat {
  /** A proxy in each line. */
  TEXT,
  /** A header that names the columns, then a proxy in each line. */
  CSV,
  /** An array of texts or objects, alone or within an object. */
  JSON
}
