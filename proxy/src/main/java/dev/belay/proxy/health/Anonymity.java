package dev.belay.proxy.health;

/** What a proxy tells targets of whoever uses it, over plain HTTP. */
public enum Anonymity {
  /** Nobody asked, or no judge could be understood. */
  UNKNOWN,
  /** It hands on our own address. */
  TRANSPARENT,
  /** It hides our address, but says that it is a proxy. */
  ANONYMOUS,
  /** It looks like a client. */
  ELITE
}
