package dev.belay.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** Names that a proxy resolves itself, to ports of this machine. Immutable. */
record Directory(Map<String, Integer> ports) {

  Directory {
    ports = Map.copyOf(ports);
  }

  /** Where a target really is; no test goes beyond this machine. */
  InetSocketAddress find(ProxyRequest request) throws IOException {
    Integer port = ports.get(request.target());
    if (port == null) {
      port = ports.get(request.host());
    }
    if (port != null) {
      return Loopback.port(port);
    }
    if (request.byName() && !request.host().equals("localhost")) {
      throw new UnknownHostException(request.host());
    }
    InetAddress address = InetAddress.getByName(request.host());
    if (!address.isLoopbackAddress()) {
      throw new UnknownHostException(request.host() + " is not on this machine");
    }
    return new InetSocketAddress(address, request.port());
  }
}
