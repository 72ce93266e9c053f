package dev.belay.testkit;

import java.io.IOException;

/**
 * How one proxy protocol says things. Those that return a boolean: whether a request may follow.
 */
interface Tongue {

  /** Does what was asked; SOCKS and CONNECT by a {@link Tunnel}. */
  boolean forward(ProxyRequest request, Forwarding how) throws IOException;

  /** Says that the tunnel stands. */
  void welcome(Upstream upstream, int fillers) throws IOException;

  boolean decline(Misdeed.Status no) throws IOException;

  /** Says the beginning of a welcome. */
  void half() throws IOException;
}
