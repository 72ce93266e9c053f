package dev.belay.proxy.health;

/** How much of a proxy is checked. */
public enum HealthLevel {
  /** Whether it lets itself be connected to, with TLS if it is an {@code https} proxy. */
  TCP,
  /** Whether it fetches a page from a target over plain HTTP. */
  HTTP,
  /** Whether a target behind it shows a certificate of its own that is valid. */
  HTTPS
}
